import Foundation
import Testing

/// A small potential of Li, B and F, and sixteen atoms that it holds together.
private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

private let atoms = """
  16
  Lattice="8 0 0 0 8 0 0.4 0 8" Properties=species:S:1:pos:R:3 pbc="T T T"
  Li 0.1 0.0 0.0
  B 0.0 4.0 0.0
  F 4.0 0.1 0.0
  Li 4.0 4.0 0.2
  B 0.2 0.0 4.0
  Li 0.2 4.1 4.0
  Li 4.2 0.0 4.0
  F 4.2 4.0 4.1
  Li 2.0 2.0 2.0
  Li 2.0 6.0 2.1
  B 6.0 2.0 2.0
  Li 6.1 6.0 2.0
  Li 2.2 2.0 6.0
  F 2.2 6.0 6.0
  Li 6.2 2.1 6.0
  Li 6.2 6.0 6.0

  """

/// A directory with the structure in it, which goes when the test is over.
private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(atoms.utf8).write(to: url.appendingPathComponent("cell.xyz"))
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// A run of 10 ps into the directory of that name.
  func md(_ name: String, _ more: String...) -> [String] {
    [
      "md", self["cell.xyz"].path, "--potential", potential, "--time", "9.5 ps", "--equilibrate",
      "0.5 ps", "--every", "0.01 ps", "--checkpoint", "0.1 ps", "--threads", "1", "-o",
      self[name].path,
    ] + more
  }

  func contents(_ name: String) throws -> [Data] {
    try ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv", "checkpoint.bin"].map {
      try Data(contentsOf: self[name].appendingPathComponent($0))
    }
  }

  func size(_ name: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: self[name].path)
    return attributes?[.size] as? Int ?? 0
  }
}

@Suite struct DynamicsCommandTests {
  @Test(arguments: [SIGKILL, SIGTERM, SIGINT, SIGHUP]) func signalledAndResumedHasTheSameBytes(
    signal: Int32
  ) throws {
    let scratch = try Scratch()
    let whole = try InterphaseProcess(scratch.md("whole"))
    #expect(whole.status == 0, "\(whole.errors)")
    let ended = try InterphaseProcess.interrupt(scratch.md("parts"), with: signal) {
      scratch.size("parts/trajectory.extxyz") > 20_000
    }
    if signal == SIGKILL {
      #expect(ended.reason == .uncaughtSignal)
    } else {
      #expect(ended.status == 75 && ended.reason == .exit)
    }
    #expect(scratch.size("parts/thermo.csv") < scratch.size("whole/thermo.csv"))
    let rest = try InterphaseProcess(scratch.md("parts", "--resume"))
    #expect(rest.status == 0, "\(rest.errors)")
    let (parts, all) = (try scratch.contents("parts"), try scratch.contents("whole"))
    #expect(parts == all)
  }

  @Test func fullDiskStopsWithoutLosingWhatWasDone() throws {
    let scratch = try Scratch()
    #expect(try InterphaseProcess(scratch.md("whole")).status == 0)
    // No file may grow beyond 100 blocks of 1024 bytes.
    let full = try InterphaseProcess(scratch.md("full"), shell: "trap '' XFSZ; ulimit -f 100")
    #expect(full.status == 74)
    #expect(full.errors.contains("cannot be written"))
    let rest = try InterphaseProcess(scratch.md("full", "--resume", "--json"))
    #expect(rest.status == 0 && rest.output.contains("\"resumed\" : true"))
    let (parts, all) = (try scratch.contents("full"), try scratch.contents("whole"))
    #expect(parts == all)
  }

  @Test func aLimitOnFilesIsAnErrorAndNoSignal() throws {
    let scratch = try Scratch()
    let full = try InterphaseProcess(scratch.md("full"), shell: "ulimit -f 100")
    #expect(full.status == 74 && full.errors.contains("cannot be written"))
  }

  /// Messages to a closed standard error must not end the run or get into its files.
  @Test func aClosedStandardErrorLosesNoWork() throws {
    let scratch = try Scratch()
    let short = ["--time", "0.1 ps", "--resume"]
    #expect(try InterphaseProcess(scratch.md("whole") + short).status == 0)
    let run = try InterphaseProcess(scratch.md("closed") + short, shell: "exec 2>&-")
    #expect(run.status == 0)
    let (closed, whole) = (try scratch.contents("closed"), try scratch.contents("whole"))
    #expect(closed == whole)
  }

  @Test func nohupKeepsTheRunGoing() throws {
    let scratch = try Scratch()
    let ended = try InterphaseProcess.interrupt(
      scratch.md("run", "--time", "2 ps"), with: SIGHUP, shell: "trap '' HUP"
    ) { scratch.size("run/trajectory.extxyz") > 20_000 }
    #expect(ended.status == 0 && ended.reason == .exit)
  }

  @Test func aSecondProcessIsKeptOut() throws {
    let scratch = try Scratch()
    var second: InterphaseProcess?
    let first = try InterphaseProcess.interrupt(scratch.md("run"), with: SIGTERM) {
      guard scratch.size("run/trajectory.extxyz") > 4000 else { return false }
      second = try? InterphaseProcess(scratch.md("run", "--resume"))
      return true
    }
    #expect(first.status == 75)
    #expect(second?.status == 74 && second?.errors.contains("another interphase") == true)
  }

  @Test func damagedCheckpointsAreTold() throws {
    let scratch = try Scratch()
    let ended = try InterphaseProcess.interrupt(scratch.md("cut"), with: SIGTERM) {
      scratch.size("cut/trajectory.extxyz") > 40_000
    }
    #expect(ended.status == 75)
    for name in ["cut/checkpoint.bin", "cut/checkpoint.previous.bin"] {
      let data = try Data(contentsOf: scratch[name])
      try data.prefix(data.count / 2).write(to: scratch[name])
    }
    let refused = try InterphaseProcess(scratch.md("cut", "--resume"))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("cut off") && refused.errors.contains("checkpoint.bin"))
    #expect(scratch.size("cut/trajectory.extxyz") > 20_000)
  }

  @Test func wrongUseAndWrongInputHaveTheirCodes() throws {
    let scratch = try Scratch()
    #expect(try InterphaseProcess(["md", scratch["cell.xyz"].path]).status == 64)
    let run = scratch.md("run")
    #expect(try InterphaseProcess(run + ["--temperature", "300"]).status == 64)
    #expect(try InterphaseProcess(run + ["--every", "0.0015 ps"]).status == 64)
    let missing = run.map { $0.hasSuffix("cell.xyz") ? $0 + "z" : $0 }
    #expect(try InterphaseProcess(missing).status == 66)
    #expect(!FileManager.default.fileExists(atPath: scratch["run"].path))
    #expect(try InterphaseProcess(run + ["--time", "0.1 ps"]).status == 0)
    // Again without --resume, then with other settings.
    #expect(try InterphaseProcess(run + ["--time", "0.1 ps"]).status == 64)
    let other = try InterphaseProcess(run + ["--time", "0.1 ps", "--resume", "--seed", "9"])
    #expect(other.status == 65 && other.errors.contains("seed 1, now 9"))
  }

  @Test func relaxWritesTheStructureAndSaysWhetherItConverged() throws {
    let scratch = try Scratch()
    let arguments = [
      "relax", scratch["cell.xyz"].path, "--potential", potential, "--json", "-o",
      scratch["relaxed.extxyz"].path,
    ]
    let short = try InterphaseProcess(arguments + ["--steps", "2"])
    #expect(short.status == 0)
    #expect(short.output.contains("\"converged\" : false"))
    #expect(short.errors.contains("not converged after 2 steps"))
    let long = try InterphaseProcess(arguments + ["--fmax", "0.01"])
    #expect(long.status == 0 && long.output.contains("\"converged\" : true"))
    let again = [
      "relax", scratch["relaxed.extxyz"].path, "--potential", potential, "--fmax", "0.0101",
    ]
    #expect(try InterphaseProcess(again).output.hasPrefix("converged after 0 steps"))
  }
}
