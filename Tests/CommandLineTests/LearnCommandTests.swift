import Foundation
import Testing

private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

/// `interphase learn`, run as a person would.
struct LearnCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("learn-\(UUID().uuidString.prefix(8))")

  /// So many frames of Li and S, the last one with an element that the potential lacks if wished.
  private func frames(_ count: Int, stranger: Bool = false) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = (0..<count).map { k in
      """
      2
      Lattice="4 0 0 0.5 4 0 0 -0.3 4" Properties=species:S:1:pos:R:3 pbc="T T T" traj=t\(k / 3)
      \(stranger && k == count - 1 ? "U" : "Li") 0 0 0
      S 2 2 \(2.1 + 0.001 * Double(k))

      """
    }.joined()
    let file = folder.appendingPathComponent("frames.extxyz")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private var output: String { folder.appendingPathComponent("labelled.extxyz").path }

  @Test func labelsAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(12)
    let words = ["learn", "label", file, "--potential", potential, "-o", output]
    let first = try InterphaseProcess(words + ["--json"])
    #expect(first.status == 0, "\(first.errors)")
    let keys = try first.json()
    #expect(keys["labelled"] as? Int == 12 && keys["kept"] as? Int == 0)
    #expect((keys["failed"] as? [Any])?.isEmpty == true)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.components(separatedBy: "virial=\"").count == 13 && text.contains("traj=t3"))
    let second = try InterphaseProcess(words)
    #expect(second.status == 0 && second.output.contains("12 from before"), "\(second.output)")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == text)
  }

  @Test func whatCannotBeLabelledLeavesWith65() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try InterphaseProcess(
      "learn", "label", try frames(6), "--potential", potential, "--largest-force", "1e-9", "-o",
      output)
    #expect(run.status == 65 && run.errors.contains("above 1e-09 eV/Å"), "\(run.errors)")
  }

  @Test func wrongUsageAndUnknownElements() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(3, stranger: true)
    #expect(try InterphaseProcess("learn", "label", file, "--potential", potential).status == 64)
    #expect(try InterphaseProcess("learn", "label", file, "-o", output).status == 64)
    let stranger = try InterphaseProcess(
      "learn", "label", file, "--potential", potential, "-o", output)
    #expect(stranger.status == 69 && stranger.errors.contains("does not know U"))
    #expect(!FileManager.default.fileExists(atPath: output))
    let missing = try InterphaseProcess(
      "learn", "label", folder.path + "/none.extxyz", "--potential", potential, "-o", output)
    #expect(missing.status == 66)
  }

  @Test func itStopsAtASignalAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(6000)
    let words = [
      "learn", "label", file, "--potential", potential, "--threads", "1", "-o", output, "--quiet",
    ]
    let size = { () -> Int in
      let found = try? FileManager.default.attributesOfItem(atPath: self.output)[.size]
      return (found as? Int) ?? 0
    }
    let stopped = try InterphaseProcess.interrupt(words, with: SIGTERM, when: { size() > 20_000 })
    #expect(stopped.status == 75 && stopped.errors.contains("goes on"), "\(stopped.errors)")
    let killed = try InterphaseProcess.interrupt(
      words, with: SIGKILL, when: { [before = size()] in size() > before + 20_000 })
    #expect(killed.reason == .uncaughtSignal)
    // The last one may be cut off.
    let written =
      try String(contentsOfFile: output, encoding: .utf8)
      .components(separatedBy: "frame_sha256=").count - 1
    let end = try InterphaseProcess(words + ["--json"])
    let keys = try end.json()
    #expect(end.status == 0 && keys["frames"] as? Int == 6000)
    let kept = try #require(keys["kept"] as? Int)
    #expect(written > 20 && (written - 1...written).contains(kept))
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.components(separatedBy: "frame_sha256=").count == 6001)
  }
}

/// `interphase learn train` with a program in the trainer's place.
struct LearnTrainTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("train-\(UUID().uuidString.prefix(8))")
  private static let model = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

  /// Twelve frames of Li, F and B in four trajectories, labelled by a potential.
  private func labels() throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = (0..<12).map { k in
      """
      3
      Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 pbc="T T T" traj=t\(k / 3) config_type=md
      Li 0 0 0
      F 1.9 0 \(0.05 * Double(k))
      B 0 2.2 0

      """
    }.joined()
    let file = folder.appendingPathComponent("frames.extxyz")
    try Data(text.utf8).write(to: file)
    let labelled = folder.appendingPathComponent("labelled.extxyz").path
    let run = try InterphaseProcess(
      "learn", "label", file.path, "--potential", Self.model, "-o", labelled, "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    return labelled
  }

  /// A shell script in Python's place; it is called `-u SCRIPT --seed ...` in the directory.
  private func trainer(_ body: String) throws -> String {
    let file = folder.appendingPathComponent("trainer")
    try Data("#!/bin/sh\nmkdir -p torchnep\n\(body)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return "export INTERPHASE_PYTHON=\(file.path)"
  }

  private var directory: String { folder.appendingPathComponent("run").path }

  @Test func theModelHasTheLabelsEnergies() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labelled = try labels()
    let trainer = try trainer("cp \(Self.model) torchnep/nep_best.txt")
    let words = [
      "learn", "train", labelled, "--trainer", "torchnep", "--hold-out", "0.2", "--epochs", "7",
      "-o",
      directory, "--json",
    ]
    let run = try InterphaseProcess(words, shell: trainer)
    #expect(run.status == 0, "\(run.errors)")
    let keys = try run.json()
    #expect(keys["trainFrames"] as? Int == 9 && keys["validFrames"] as? Int == 3)
    let rows = try #require(keys["errors"] as? [[String: Any]])
    // The trained model is the labels' own; what is off is the shift, equal for all atoms' sum.
    #expect(rows.allSatisfy { ($0["force"] as! Double) < 1e-9 })
    let shifts = try #require(keys["shifts_eV_per_atom"] as? [String: Double])
    let off = shifts.values.reduce(0, +) / 3
    #expect(rows.allSatisfy { abs(($0["energy"] as! Double) - abs(off)) < 1e-9 })
    let input = try String(contentsOfFile: directory + "/nep.in", encoding: .utf8)
    #expect(input.hasPrefix("type 3 Li B F\n") && input.contains("epoch 7"))
    let info = try InterphaseProcess("potential", "info", directory + "/nep.txt", "--json").json()
    #expect(info["neurons"] as? Int == 7)
    #expect(try String(contentsOfFile: directory + "/errors.csv", encoding: .utf8).contains("md"))
    // Another input is another training.
    let other = try InterphaseProcess(
      [
        "learn", "train", labelled, "--trainer", "torchnep", "--hold-out", "0.2", "--epochs", "8",
        "-o", directory,
      ],
      shell: trainer)
    #expect(other.status == 65 && other.errors.contains("name another directory"))
  }

  @Test func aTrainerThatIsMissingOrFails() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = [
      "learn", "train", try labels(), "--trainer", "torchnep", "--hold-out", "0.2", "-o", directory,
    ]
    let missing = try InterphaseProcess(
      words, shell: "unset INTERPHASE_PYTHON; export INTERPHASE_ENGINES=/nowhere")
    #expect(missing.status == 69 && missing.errors.contains("torchnep=="), "\(missing.errors)")
    let failing = try InterphaseProcess(words, shell: try trainer("echo no memory; exit 3"))
    #expect(failing.status == 69 && failing.errors.contains("left with 3"), "\(failing.errors)")
    #expect(failing.errors.contains("| no memory"))
    let package = try InterphaseProcess(words, shell: try trainer("echo lacks torch; exit 69"))
    #expect(package.status == 69 && package.errors.contains("lacks torch"))
  }

  @Test func itStopsAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = [
      "learn", "train", try labels(), "--trainer", "torchnep", "--hold-out", "0.2", "-o", directory,
      "--quiet",
    ]
    let slow = try trainer("echo '12 0.1 0.01 0.2 0.1 1' > torchnep/loss.out; exec sleep 60")
    let stopped = try InterphaseProcess.interrupt(
      words, with: SIGTERM, shell: slow,
      when: { FileManager.default.fileExists(atPath: directory + "/torchnep/loss.out") })
    #expect(stopped.status == 75 && stopped.errors.contains("epochs are done"), "\(stopped.errors)")
    let end = try InterphaseProcess(
      words, shell: try trainer("cp \(Self.model) torchnep/nep_best.txt"))
    #expect(end.status == 0 && end.output.contains("nep.txt"), "\(end.errors)")
  }

  @Test func wrongUsageAndEmptySets() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labelled = try labels()
    #expect(try InterphaseProcess("learn", "train", labelled).status == 64)
    #expect(try InterphaseProcess("learn", "train", "-o", directory).status == 64)
    let bare = try InterphaseProcess(
      "learn", "train", folder.path + "/frames.extxyz", "-o", directory)
    #expect(bare.status == 65 && bare.errors.contains("has no energy"), "\(bare.errors)")
    let one = folder.appendingPathComponent("one.extxyz")
    let text = try String(contentsOfFile: labelled, encoding: .utf8)
      .replacingOccurrences(of: "traj=t[0-9]", with: "traj=t0", options: .regularExpression)
    try Data(text.utf8).write(to: one)
    let empty = try InterphaseProcess("learn", "train", one.path, "-o", directory)
    #expect(empty.status == 65 && empty.errors.contains("--valid"), "\(empty.errors)")
    let shown = try InterphaseProcess("learn", "train", "--print-input", "--epochs", "50")
    #expect(shown.status == 0 && shown.output.contains("use_typewise_cutoff_zbl 0.7"))
  }

  @Test func itStartsFromAPotential() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labelled = try labels()
    func train(_ lines: String, _ more: String...) throws -> InterphaseProcess {
      let input = folder.appendingPathComponent("nep.in").path
      try Data("n_max 2 2\nbasis_size 4 4\nbatch 2\n\(lines)\n".utf8)
        .write(to: URL(fileURLWithPath: input))
      return try InterphaseProcess(
        ["learn", "train", labelled, "--hold-out", "0.2", "--input", input, "--json"] + more)
    }
    let (first, second) = (directory, directory + "-2")
    let taught = try train("neuron 9\nlr 0.01\nepoch 60", "-o", first)
    #expect(taught.status == 0, "\(taught.errors)")
    // A step of no length leaves the model as it is.
    let model = first + "/nep.txt"
    let same = try train("neuron 9\nlr 0\nepoch 1", "--start", model, "-o", second)
    #expect(same.status == 0, "\(same.errors)")
    func force(_ run: InterphaseProcess) throws -> Double {
      let rows = try #require(try run.json()["errors"] as? [[String: Any]])
      return try #require(rows.first?["force"] as? Double)
    }
    let (before, after) = (try force(taught), try force(same))
    #expect(abs(after - before) < 1e-5 * before)
    let record = try String(contentsOfFile: second + "/training.json", encoding: .utf8)
    let digest = try InterphaseProcess("potential", "info", model, "--json").json()["sha256"]
    #expect(record.contains(try #require(digest as? String)))
    let other = try train("neuron 9\nlr 0\nepoch 1", "-o", second)
    #expect(other.status == 65 && other.errors.contains("name another directory"))
    let shape = try train("neuron 8\nepoch 1", "--start", model, "-o", directory + "-3")
    #expect(shape.status == 65 && shape.errors.contains("its neuron is 9"), "\(shape.errors)")
    #expect(
      try train("epoch 1", "--start", model, "--trainer", "torchnep", "-o", first).status == 64)
  }

  @Test func ourTrainerLearnsStopsAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labelled = try labels()
    let input = folder.appendingPathComponent("nep.in").path
    try Data("neuron 9\nn_max 2 2\nbasis_size 4 4\nbatch 2\nlr 0.01\nepoch 400\n".utf8)
      .write(to: URL(fileURLWithPath: input))
    func words(_ directory: String) -> [String] {
      ["learn", "train", labelled, "--hold-out", "0.2", "--input", input, "-o", directory]
    }
    let whole = try InterphaseProcess(words(directory) + ["--json", "--threads", "1"])
    #expect(whole.status == 0, "\(whole.errors)")
    let rows = try #require(try whole.json()["errors"] as? [[String: Any]])
    let log = try String(contentsOfFile: directory + "/loss.csv", encoding: .utf8)
    let forces = log.split(separator: "\n").dropFirst().map { line in
      Double(line.split(separator: ",", omittingEmptySubsequences: false)[2])!
    }
    #expect(forces.count == 400 && forces.last! < 0.2 * forces[0])
    // What is logged is what the model that was written has.
    let trained = try #require(rows.first { $0["set"] as? String == "train" }?["force"] as? Double)
    #expect(abs(trained - forces.last!) < 0.1 * trained + 1e-4)
    // Stopped on the way, and gone on with another number of threads: the same model to the bit.
    let other = folder.appendingPathComponent("other").path
    let stopped = try InterphaseProcess.interrupt(
      words(other) + ["--quiet"], with: SIGTERM,
      when: {
        let text = try? String(contentsOfFile: other + "/loss.csv", encoding: .utf8)
        return (text ?? "").split(separator: "\n").count > 5
      })
    #expect(stopped.status == 75 && stopped.errors.contains("epochs are done"), "\(stopped.errors)")
    let end = try InterphaseProcess(words(other) + ["--threads", "2"])
    #expect(end.status == 0, "\(end.errors)")
    #expect(
      try String(contentsOfFile: other + "/nep.txt", encoding: .utf8)
        == String(contentsOfFile: directory + "/nep.txt", encoding: .utf8))
    #expect(
      try String(contentsOfFile: other + "/loss.csv", encoding: .utf8)
        .split(separator: "\n").count == 401)
    // A checkpoint of something else is told and left alone.
    try Data("interphase-nep-fit-1 3 8 1\n".utf8)
      .write(to: URL(fileURLWithPath: other + "/fit.checkpoint"))
    let bad = try InterphaseProcess(words(other))
    #expect(bad.status == 65 && bad.errors.contains("another shape"), "\(bad.errors)")
  }

  @Test(arguments: [
    ("n_max 4", "two whole numbers"), ("basis_size 8 8 8", "two whole numbers"),
    ("cutoff 4 5", "not the smaller"), ("l_max 4 3", "0 or 2"), ("neuron 0", "1 to 248"),
    ("lr fast", "one number"), ("scheduler_patience 4", "not known"), ("version 5", "version 4"),
    ("epoch 2.5", "whole number"), ("lambda_e -1", "one number"), ("type 1 Li", "of the frames"),
  ])
  func badInputOfOurTrainer(line: String, expected: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labelled = try labels()
    let input = folder.appendingPathComponent("nep.in").path
    try Data("# ours\nversion 4\n\(line)\n".utf8).write(to: URL(fileURLWithPath: input))
    let run = try InterphaseProcess(
      "learn", "train", labelled, "--hold-out", "0.2", "--input", input, "-o", directory)
    #expect(run.status == 65 && run.errors.contains("line 3") && run.errors.contains(expected))
    #expect(!FileManager.default.fileExists(atPath: directory))
  }
}
