import Foundation
import Testing

private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

/// Sixteen atoms that the potential holds together, the first five of them metal.
private let atoms: String = {
  let places = [
    "Li 0.1 0.0 0.0 metal", "B 0.0 4.0 0.0 metal", "F 4.0 0.1 0.0 metal", "Li 4.0 4.0 0.2 metal",
    "B 0.2 0.0 4.0 metal", "Li 0.2 4.1 4.0 electrolyte", "Li 4.2 0.0 4.0 electrolyte",
    "F 4.2 4.0 4.1 electrolyte", "Li 2.0 2.0 2.0 electrolyte", "Li 2.0 6.0 2.1 electrolyte",
    "B 6.0 2.0 2.0 electrolyte", "Li 6.1 6.0 2.0 electrolyte", "Li 2.2 2.0 6.0 electrolyte",
    "F 2.2 6.0 6.0 electrolyte", "Li 6.2 2.1 6.0 electrolyte", "Li 6.2 6.0 6.0 electrolyte",
  ]
  return "16\nLattice=\"8 0 0 0 8 0 0.4 0 8\" Properties=species:S:1:pos:R:3:region:S:1 "
    + "pbc=\"T T T\"\n" + places.joined(separator: "\n") + "\n"
}()

private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-ensemble-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(atoms.utf8).write(to: self["cell.xyz"])
    let slab = atoms.replacingOccurrences(of: "0.4 0 8", with: "0.4 0 28")
    try Data(slab.utf8).write(to: self["slab.xyz"])
    let open = slab.replacingOccurrences(of: "T T T", with: "T T F")
    try Data(open.utf8).write(to: self["open.xyz"])
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  func md(_ name: String, _ more: [String], file: String = "cell.xyz", time: String = "1 ps")
    -> [String]
  {
    [
      "md", self[file].path, "--potential", potential, "--time", time, "--every", "0.01 ps",
      "--checkpoint", "0.1 ps", "--threads", "1", "-o", self[name].path,
    ] + more
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: self[name], encoding: .utf8)
  }

  func size(_ name: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: self[name].path)
    return attributes?[.size] as? Int ?? 0
  }
}

@Suite struct EnsembleCommandTests {
  private let everything = [
    "--thermostat", "bussi", "--barostat", "flexible", "--pressure", "0.1 GPa", "--barostat-time",
    "5 ps", "--final-temperature", "350 K", "--region", "metal = 280 K, langevin, 50 fs",
    "--equilibrate", "0.1 ps",
  ]

  @Test func resumedRunUnderPressureHasTheSameBytes() throws {
    let scratch = try Scratch()
    let whole = try InterphaseProcess(scratch.md("whole", everything, time: "3.9 ps"))
    #expect(whole.status == 0, "\(whole.errors)")
    let ended = try InterphaseProcess.interrupt(
      scratch.md("parts", everything, time: "3.9 ps"), with: SIGKILL
    ) { scratch.size("parts/trajectory.extxyz") > 60_000 }
    #expect(ended.reason == .uncaughtSignal)
    let rest = try InterphaseProcess(
      scratch.md("parts", everything + ["--resume"], time: "3.9 ps"))
    #expect(rest.status == 0, "\(rest.errors)")
    for name in ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv", "checkpoint.bin"] {
      let (a, b) = (scratch["parts/\(name)"], scratch["whole/\(name)"])
      #expect(try Data(contentsOf: a) == Data(contentsOf: b), "\(name)")
    }
    let rows = try scratch.text("whole/thermo.csv").split(separator: "\n")
    #expect(
      rows[0].hasSuffix(
        ",pressure_GPa,T_target_K,T(metal)_K,volume_A3,a_A,b_A,c_A,alpha_deg,beta_deg,gamma_deg,"
          + "stress_xx_GPa,stress_yy_GPa,stress_zz_GPa,stress_yz_GPa,stress_xz_GPa,stress_xy_GPa"))
    let cells = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(cells.allSatisfy { $0.count == 25 })
    #expect(cells[1][10] == "300.0" && abs(Double(cells.last![10])! - 350) < 0.1)
    #expect(cells[1][12] != cells.last![12])
    #expect(try scratch.text("whole/run.json").contains("\"flexible\""))
    let other = try InterphaseProcess(
      scratch.md("parts", everything.map { $0 == "0.1 GPa" ? "0.2 GPa" : $0 } + ["--resume"]))
    #expect(other.status == 65 && other.errors.contains("cell stochastic cell rescaling"))
  }

  @Test func frozenAtomsStayInTheTrajectory() throws {
    let scratch = try Scratch()
    let run = try InterphaseProcess(
      scratch.md("run", ["--freeze", "metal", "--freeze", "atoms 16"], time: "0.1 ps"))
    #expect(run.status == 0, "\(run.errors)")
    let trajectory = try scratch.text("run/trajectory.extxyz")
    #expect(trajectory.components(separatedBy: "B 0.2 0.0 4.0 metal").count == 12)
    #expect(trajectory.components(separatedBy: "Li 6.2 6.0 6.0 electrolyte").count == 12)
    #expect(trajectory.components(separatedBy: "Li 6.1 6.0 2.0 electrolyte").count == 2)
    let row = try scratch.text("run/thermo.csv").split(separator: "\n")[5]
    // No temperature of atoms that do not move.
    #expect(row.split(separator: ",", omittingEmptySubsequences: false)[4] == "")
  }

  @Test func slabsAreHeldInThePlaneAlone() throws {
    let scratch = try Scratch()
    for file in ["slab.xyz", "open.xyz"] {
      for mode in ["isotropic", "flexible", "normal"] {
        let refused = try InterphaseProcess(
          scratch.md("run", ["--barostat", mode], file: file, time: "0.02 ps"))
        #expect(refused.status == 65, "\(file), \(mode)")
        #expect(refused.errors.contains("in-plane"), "\(refused.errors)")
      }
      let pressed = try InterphaseProcess(
        scratch.md(
          "run", ["--barostat", "in-plane", "--pressure", "1 GPa"], file: file, time: "0.02 ps"))
      #expect(pressed.status == 65 && pressed.errors.contains("0 GPa"))
      #expect(!FileManager.default.fileExists(atPath: scratch["run"].path))
      let run = try InterphaseProcess(
        scratch.md("run-\(file)", ["--barostat", "in-plane"], file: file, time: "0.02 ps"))
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func contradictionsAreTold() throws {
    let scratch = try Scratch()
    let wrong: [(options: [String], status: Int32, says: String)] = [
      (["--pressure", "1 GPa"], 64, "--barostat"),
      (
        ["--barostat", "flexible", "--pressure", "0 GPa", "--stress", "0 0 0 0 0 0 GPa"], 64, "both"
      ),
      (["--ramp-time", "1 ps"], 64, "--final-temperature"),
      (["--barostat", "sideways"], 64, "in-plane"),
      (["--barostat", "isotropic", "--stress", "1 0 0 0 0 0 GPa"], 65, "flexible"),
      (["--barostat", "flexible", "--stress", "1 0 0 GPa"], 64, "xx yy zz yz xz xy"),
      (["--barostat", "flexible", "--compressibility", "0 /GPa"], 64, "compressibility"),
      (["--barostat", "flexible", "--thermostat", "none"], 65, "thermostat"),
      (["--barostat", "flexible", "--freeze", "metal"], 65, "frozen"),
      (["--thermostat", "none", "--final-temperature", "400 K"], 65, "thermostat"),
      (["--final-temperature=-3 K"], 64, "above 0 K"),
      (["--freeze", "lithium"], 64, "electrolyte"),
      (["--freeze", "layers 0"], 65, "layers"),
      (["--freeze", "atoms 17"], 65, "17"),
      (["--freeze", "atoms 1-16"], 65, "every atom"),
      (["--region", "metal = 300 K, berendsen"], 64, "nose-hoover"),
      (["--region", "metal 300 K"], 64, "metal = 350 K"),
      (["--region", "metal = 300"], 64, "300 K"),
      (
        ["--region", "metal = 300 K", "--region", "atoms 2 = 300 K, langevin"], 65,
        "two thermostats"
      ),
      (["--hydrogen-mass", "0.5 u"], 65, "hydrogen"),
    ]
    for (options, status, says) in wrong {
      let run = try InterphaseProcess(scratch.md("run", options, time: "0.02 ps"))
      #expect(run.status == status && run.errors.contains(says), "\(options): \(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch["run"].path))
  }
}
