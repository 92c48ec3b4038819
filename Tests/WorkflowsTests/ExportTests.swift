import Atomistics
import FileFormats
import Foundation
import Testing
import Workflows

@Suite struct ExportTests {
  /// Eight atoms, P in layers of the electrolyte, Li in the metal.
  private func contact(_ lattice: Lattice? = nil) -> Structure {
    let li = Element("Li")!
    let p = Element("P")!
    let species = [p, p, li, p, li, li, p, li]
    return Structure(
      lattice: lattice ?? Lattice(Vector3(6, 0, 0), Vector3(0, 6, 0), Vector3(0, 0, 12)),
      species: species,
      positions: species.indices.map { Vector3(0, 0.2, 1.5 * Double($0)) },
      regions: species.map { $0 == p ? .electrolyte : .metal },
      layers: [0, 0, -1, 1, -1, -1, 3, -1])
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  @Test func thePapersRunForGPUMD() throws {
    let export = try GPUMDExport(contact(), potential: nep4, run: ExternalRun())
    let lines = export.runInput.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(
      lines == [
        "potential nep.txt", "velocity 300 seed 1", "time_step 1",
        "ensemble nvt_nhc 300 300 100", "dump_thermo 100", "run 20000",
        "ensemble nvt_nhc 300 300 100", "dump_thermo 100", "dump_exyz 100 1", "dump_restart 1000",
        "run 200000",
      ])
  }

  @Test func whatIsAskedForReachesGPUMD() throws {
    var run = ExternalRun()
    run.equilibration = 0
    run.production = 1000
    run.timestep = 0.5
    run.sampleInterval = 10
    run.temperature = 650.5
    run.seed = 7
    for (ensemble, line) in [
      (ExternalRun.Ensemble.bussi, "ensemble nvt_bdp 650.5 650.5 200"),
      (.langevin, "ensemble nvt_lan 650.5 650.5 200"), (.nve, "ensemble nve"),
    ] {
      run.ensemble = ensemble
      let text = try GPUMDExport(contact(), potential: nep4, run: run).runInput
      #expect(text.contains("\n\(line)\n"))
      #expect(text.contains("velocity 650.5 seed 7\ntime_step 0.5\n"))
      #expect(text.contains("dump_exyz 20 1\n") && text.hasSuffix("run 2000\n"))
      #expect(text.ranges(of: "ensemble").count == 1)
    }
  }

  @Test func theDirectoryIsWholeAndNoRunIsAppendedTo() throws {
    try withDirectory { directory in
      let export = try GPUMDExport(contact(), potential: nep4, run: ExternalRun())
      let files = try export.write(to: directory + "/run")
      #expect(files == ["model.xyz", "nep.txt", "run.in", "README.md"])
      let readme = try InputFile.text(directory + "/run/README.md")
      #expect(readme.contains("method 0, regions: 0 electrolyte, 1 metal."))
      #expect(readme.contains("1, layers: 0 no layer, 1 layer 0, 2 layer 1, 3 layer 3."))
      #expect(try InputFile.read(directory + "/run/nep.txt") == InputFile.read(nep4))
      #expect(try StructureFile.read(directory + "/run/model.xyz") == contact())
      try AtomicFile.write("", to: directory + "/run/dump.xyz")
      #expect { try export.write(to: directory + "/run") } throws: {
        "\($0)".contains("dump.xyz of a run")
      }
      #expect { try export.write(to: "/dev/null/run") } throws: {
        ($0 as? FileFormatsError)?.kind == .cannotWrite
      }
    }
  }

  @Test func theScriptForLAMMPS() throws {
    let flat = Lattice(Vector3(6, 0, 0), Vector3(3.5, 6, 0), Vector3(0, 0, 12))
    let script = try LAMMPSExport(contact(flat), run: ExternalRun()).script("contact")
    for line in [
      "units metal", "boundary p p p", "box tilt large", "read_data contact.data",
      "# 1 P, 2 Li", "include contact.pair", "group electrolyte id 1:2 4 7",
      "group metal id 3 5:6 8", "group layer0 id 1:2", "group layer3 id 7",
      "velocity all create 300 1 mom yes rot no dist gaussian loop geom", "timestep 0.001",
      "fix ensemble all nvt temp 300 300 0.1", "run 20000", "run 200000",
      "dump frames all custom 100 contact.lammpstrj id type element xu yu zu vx vy vz",
    ] {
      #expect(script.contains("\n\(line)\n"), "\(line)")
    }
    #expect(script.contains("dump_modify frames element P Li sort id units yes time yes"))
    var moving = contact()
    moving.velocities = moving.positions
    moving.periodic = [true, true, false]
    var run = ExternalRun()
    run.ensemble = .bussi
    run.equilibration = 0
    let other = try LAMMPSExport(moving, run: run).script("a")
    #expect(!other.contains("velocity all") && !other.contains("tilt"))
    #expect(other.contains("\nboundary p p m\n"))
    #expect(other.contains("\nfix bath all temp/csvr 300 300 0.1 1\n"))
    #expect(other.ranges(of: "\nrun ").count == 1)
  }

  @Test func manyGroupsAndLongLists() throws {
    var layered = contact().supercell(5, 2, 4)
    layered.layers = (0..<320).map { $0 % 40 }
    let script = try LAMMPSExport(layered, run: ExternalRun()).script("a")
    let groups = script.split(separator: "\n").filter { $0.hasPrefix("group ") }
    #expect(groups.count == 31)
    #expect(script.contains("# 11 more layers"))
    #expect(script.split(separator: "\n").allSatisfy { $0.count < 250 })
    layered.regions = (0..<320).map { $0 % 2 == 0 ? .metal : .electrolyte }
    let long = try LAMMPSExport(layered, run: ExternalRun()).script("a")
    #expect(long.contains("group metal id 1 3 5 7 9 11 13 15 17 19 &\n  21 23"))
  }

  @Test func mistakesAreTold() throws {
    func message(_ change: (inout ExternalRun) -> Void) -> String {
      var run = ExternalRun()
      change(&run)
      do {
        _ = try LAMMPSExport(contact(), run: run)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(message { $0.temperature = -1 }.contains("above 0 K"))
    #expect(message { $0.temperature = .nan }.contains("above 0 K"))
    #expect(message { $0.timestep = 0 }.contains("time step above"))
    #expect(message { $0.production = 0 }.contains("production above"))
    #expect(message { $0.equilibration = -5 }.contains("not negative"))
    #expect(message { $0.production = 100.5 }.contains("whole number of time steps"))
    #expect(message { $0.production = 1e13 }.contains("2 billion"))
    #expect(message { $0.timeConstant = 0.5 }.contains("at least one time step"))
    #expect(message { $0.sampleInterval = 0 }.contains("time between frames"))
    #expect(message { $0.sampleInterval = 1e6 }.contains("time between frames"))
    #expect(message { $0.seed = 0 }.contains("seed"))
    #expect(message { _ in } == "none")
    var chlorine = contact()
    chlorine.species[0] = Element("Cl")!
    #expect { try GPUMDExport(chlorine, potential: nep4, run: ExternalRun()) } throws: {
      "\($0)".contains("Cl")
    }
    #expect { try LAMMPSExport(contact(), run: ExternalRun()).write(to: "a/b c") } throws: {
      "\($0)".contains("letters, digits")
    }
    #expect { try LAMMPSExport(contact(), run: ExternalRun()).write(to: "a/") } throws: {
      "\($0)".contains("letters, digits")
    }
  }
}
