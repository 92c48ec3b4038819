import Atomistics
import Engines
import Foundation
import Sockets
import Testing

private let root = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite struct CalculatorNameTests {
  @Test(arguments: [
    "sevennet-l3i5", "sevennet-0", "chgnet", "gpaw", "cp2k", "ase:ase.calculators.emt:EMT",
    "ase:ase.calculators.lj:LennardJones(sigma=3.4, rc=8.0)",
  ])
  func programsAreKnownByName(text: String) throws {
    guard case .engine(let engine) = try CalculatorName(text) else {
      Issue.record("\(text) is no program")
      return
    }
    #expect(engine.name == text)
  }

  /// Labels made in two folders with the same file are of one calculator.
  @Test func filesCountByWhatIsInThem() throws {
    let folders = ["a", "b"].map {
      FileManager.default.temporaryDirectory.appendingPathComponent("\($0)-\(UUID().uuidString)")
    }
    defer { for folder in folders { try? FileManager.default.removeItem(at: folder) } }
    let inputs = ["def make(): pass\n", "HOST {socket}\n{cell}\n{coordinates}\n"]
    var found: [[String]] = []
    for folder in folders {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let files = ["mine.py", "mine.inp"].map { folder.appendingPathComponent($0) }
      for (file, text) in zip(files, inputs) { try Data(text.utf8).write(to: file) }
      for text in ["ase:\(files[0].path):make(x=1)", "cp2k:\(files[1].path)"] {
        guard case .engine(let engine) = try CalculatorName(text) else {
          Issue.record("\(text) is no program")
          continue
        }
        found.append([engine.name, engine.recipe])
      }
    }
    #expect(found.count == 4 && found[0] == found[2] && found[1] == found[3])
    #expect(found.map { $0[0] }.prefix(2) == ["ase:mine.py:make(x=1)", "cp2k:mine.inp"])
    #expect(found[0][1].contains(inputs[0]) && found[1][1] == inputs[1])
  }

  @Test func addressesAreAwaited() throws {
    for text in ["socket:unix:here", "socket:localhost:31415", "socket:[::1]:31415"] {
      guard case .awaited(let address) = try CalculatorName(text) else {
        Issue.record("\(text) is no address")
        continue
      }
      #expect("socket:\(address)".hasSuffix(text.contains("here") ? "/tmp/ipi_here" : text))
    }
  }

  @Test(arguments: [
    "", "sevennet", "nep89", "ase", "ase:", "ase:EMT", "cp2k:", "espresso", "lammps:", "socket:",
    "SOCKET:localhost:1",
  ])
  func whatIsNoneIsWrongUsage(text: String) {
    #expect {
      try CalculatorName(text)
    } throws: {
      ($0 as? any ReportableError)?.kind == .usage
    }
  }

  @Test func missingFilesAndPlacesAreTold() throws {
    #expect {
      try CalculatorName("cp2k:/nowhere/a.inp")
    } throws: {
      ($0 as? EnginesError)?.kind == .missingInput && "\($0)".contains("/nowhere/a.inp")
    }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("template-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("HOST {socket}\n{cell}\n".utf8).write(to: file)
    #expect {
      try CalculatorName("cp2k:\(file.path)")
    } throws: {
      ($0 as? EnginesError)?.kind == .badData && "\($0)".contains("lacks {coordinates}")
    }
  }

  @Test func installLinesAreTheSameEverywhere() throws {
    let script = try String(
      contentsOf: root.appendingPathComponent("Scripts/install-calculator"), encoding: .utf8)
    let page = try String(
      contentsOf: root.appendingPathComponent("Documentation/Calculators.md"), encoding: .utf8)
    for engine in KnownEngine.all {
      #expect(script.contains("\n    \(engine.installLine)\n"), "\(engine.name) in the script")
      #expect(page.contains("\n    \(engine.installLine)\n"), "\(engine.name) in the page")
    }
  }
}

/// One after another: the program is named in the environment, which is everybody's.
@Suite(.serialized) struct CP2KEngineTests {
  private func input(_ structure: Structure) throws -> String {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("cp2k-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    // Any program will do: nothing is started.
    setenv("INTERPHASE_CP2K", "/bin/true", 1)
    defer { unsetenv("INTERPHASE_CP2K") }
    let command = try CP2KEngine().command(
      for: structure, at: SocketAddress("unix:there"), in: directory, threads: 2)
    #expect(command.words.first == "/bin/true")
    #expect(command.environment["OMP_NUM_THREADS"] == "2")
    return try String(
      contentsOf: directory.appendingPathComponent("cp2k.inp"), encoding: .utf8)
  }

  private let salt = Structure(
    lattice: Lattice(Vector3(0, 2.6, 2.6), Vector3(2.6, 0, 2.6), Vector3(2.6, 2.6, 0)),
    species: [Element("Li")!, Element("Cl")!], fractional: [.zero, Vector3(0.5, 0.5, 0.5)])

  @Test func theInputNamesAtomsAndMesh() throws {
    let text = try input(salt)
    #expect(text.contains("HOST there") && text.contains("B 2.6 0.0 2.6"))
    #expect(text.contains("POTENTIAL GTH-PBE-q7") && text.contains("POTENTIAL GTH-PBE-q3"))
    // |b| = 2π √3 / 5.2 = 2.093 1/Å: 9 points are 0.2325 apart, 8 would be 0.2616.
    #expect(text.contains("MONKHORST-PACK 9 9 9"))
    #expect(text.contains("STRESS_TENSOR ANALYTICAL"))
    #expect(!text.contains("{"), "all places are filled")
    #expect(text.contains(" CUTOFF [Ry] 600"))
    let fluoride = Structure(
      lattice: salt.lattice, species: [Element("Li")!, Element("F")!],
      fractional: [.zero, Vector3(0.5, 0.5, 0.5)])
    #expect(try input(fluoride).contains(" CUTOFF [Ry] 1000"))
    // In a cell of 26 Å one point is enough.
    var wide = salt
    wide.lattice = Lattice(Vector3(26, 0, 0), Vector3(0, 26, 0), Vector3(0, 0, 26))
    #expect(!(try input(wide)).contains("KPOINTS"))
  }

  @Test func whatItCannotTakeIsRefused() throws {
    var slab = salt
    slab.periodic = [true, true, false]
    #expect(throws: AtomisticsError.self) { try input(slab) }
    #expect {
      try CP2KEngine().validate([Element("U")!])
    } throws: {
      "\($0)".contains("does not know U")
    }
  }

  @Test func itsOwnWordsAreFound() {
    let log = """
       *  ___                                        *
       * /   \\                                       *
       * [ABORT]                                     *
       * \\___/     Unknown keyword in section DFT.   *
       *   |        Mind the spelling.               *
       * O/|                                         *
      """
    #expect(
      CP2KEngine().complaint(in: log) == "Unknown keyword in section DFT. Mind the spelling.")
    #expect(CP2KEngine().complaint(in: "all is well") == nil)
  }
}
