import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials
import Synchronization
import Testing
import Workflows

/// E = Σ k x²/2 of the first atom's distance from the origin; it fails where a test wants it to.
private final class Springs: Calculator {
  let name = "springs"
  var range: Double? { nil }
  private let calls = Mutex(0)
  private let running = Mutex((now: 0, most: 0))
  /// What it says of a structure instead of a label.
  private let trouble: @Sendable (Structure) -> (any Error)?
  private let pause: UInt32

  init(pause: UInt32 = 0, trouble: @escaping @Sendable (Structure) -> (any Error)? = { _ in nil }) {
    self.trouble = trouble
    self.pause = pause
  }

  var evaluations: Int { calls.withLock { $0 } }
  var mostAtOnce: Int { running.withLock { $0.most } }

  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure) throws -> Evaluation {
    calls.withLock { $0 += 1 }
    running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    defer { running.withLock { $0.now -= 1 } }
    if pause > 0 { usleep(pause) }
    if let error = trouble(structure) { throw error }
    let far = structure.positions[0].length > 50
    return Evaluation(
      energy: far ? .nan : structure.positions.reduce(0) { $0 + 0.5 * $1.lengthSquared },
      forces: structure.positions.map { -1 * $0 },
      stress: Matrix3(Vector3(0.1, 0.02, 0), Vector3(0.02, 0.2, 0.03), Vector3(0, 0.03, 0.3)))
  }

  func evaluator(for structure: Structure, skin: Double) -> any Evaluator { fatalError("unused") }
}

private struct Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("label-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// Frames of one and two atoms; the first atom of frame k lies at x = k.
  func frames(_ name: String, _ numbers: some Sequence<Int>) throws {
    let text = numbers.map { k in
      let second = k % 2 == 0 ? "\nS 2 2 2.5" : ""
      return """
        \(1 + (k % 2 == 0 ? 1 : 0))
        Lattice="4 0 0 0 5 0 0 0 6" Properties=species:S:1:pos:R:3 pbc="T T T" config_type=md traj="run \(k)" energy=99
        Li \(k) 0.1 0\(second)

        """
    }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }
}

private func labelling(_ calculator: any Calculator, _ sha256: String = "abc") -> Labelling {
  Labelling(calculator: calculator, name: "springs", sha256: sha256)
}

private func read(_ path: String) throws -> [RecordedFrame] {
  var source = ExtendedXYZ().frames(of: try LineReader(path: path))
  var frames: [RecordedFrame] = []
  while let next = try source.next() { frames.append(next) }
  return frames
}

@Suite struct LabellingTests {
  @Test func labelsStandInTheOrderOfTheInputWithTheirNotes() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<9)
    try folder.frames("b.extxyz", [3, 20, 4])
    var work = labelling(Springs(pause: 2000))
    work.atOnce = 4
    let result = try work.label(
      [folder.path("a.extxyz"), folder.path("b.extxyz")], to: folder.path("out.extxyz"))
    #expect(result.frames == 10 && result.doubles == 2 && result.labelled == 10)
    let frames = try read(folder.path("out.extxyz"))
    #expect(frames.map { Int($0.structure.positions[0].x) } == Array(0..<9) + [20])
    for frame in frames {
      let sum = frame.structure.positions.reduce(0) { $0 + 0.5 * $1.lengthSquared }
      #expect(frame.energy == sum)
      #expect(frame.forces == frame.structure.positions.map { -1 * $0 })
      #expect(frame.notes["config_type"] == "md" && frame.notes["label"] == "springs")
      #expect(frame.notes["traj"] == "run \(Int(frame.structure.positions[0].x))")
      let virial = frame.notes["virial"]!.split(separator: " ").map { Double($0)! }
      // −V σ, V = 120 Å³.
      #expect(virial.count == 9 && abs(virial[4] + 24) < 1e-12 && abs(virial[1] + 2.4) < 1e-12)
      #expect(frame.notes["stress"]!.hasPrefix("0.1 0.02"))
    }
    #expect(frames[9].notes["source"]!.hasSuffix("b.extxyz:2"))
  }

  @Test func asManyAreUnderWayAsWished() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<24)
    let springs = Springs(pause: 20000)
    var work = labelling(springs)
    work.atOnce = 6
    _ = try work.label([folder.path("a.extxyz")], to: folder.path("out.extxyz"))
    #expect(springs.mostAtOnce > 2 && springs.mostAtOnce <= 6)
  }

  @Test func whatIsLabelledIsNotLabelledAgain() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<5)
    let out = folder.path("out.extxyz")
    _ = try labelling(Springs()).label([folder.path("a.extxyz")], to: out)
    let first = try folder.text("out.extxyz")
    let again = Springs()
    var result = try labelling(again).label([folder.path("a.extxyz")], to: out)
    #expect(again.evaluations == 0 && result.kept == 5 && result.labelled == 0)
    #expect(try folder.text("out.extxyz") == first)
    // More frames, in front of the old ones.
    try folder.frames("b.extxyz", [7, 8])
    let more = Springs()
    result = try labelling(more).label([folder.path("b.extxyz"), folder.path("a.extxyz")], to: out)
    #expect(more.evaluations == 2 && result.kept == 5 && result.labelled == 2)
    #expect(try read(out).map { Int($0.structure.positions[0].x) } == [7, 8, 0, 1, 2, 3, 4])
  }

  /// A file that was cut off in the middle of a frame, as by SIGKILL, at any byte.
  @Test func aCutFileGrowsToTheSameBytes() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<4)
    let out = folder.path("out.extxyz")
    _ = try labelling(Springs()).label([folder.path("a.extxyz")], to: out)
    let whole = Data(try folder.text("out.extxyz").utf8)
    for length in stride(from: 1, to: whole.count, by: 37) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: out))
      let springs = Springs()
      _ = try labelling(springs).label([folder.path("a.extxyz")], to: out)
      #expect(Data(try folder.text("out.extxyz").utf8) == whole, "cut at \(length)")
      #expect(springs.evaluations >= 1)
    }
  }

  @Test func failuresAreKeptApartAndTriedAgainOnlyWhenWished() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", [1, 2, 60, 3, 40, 5])
    let out = folder.path("out.extxyz")
    let stubborn: @Sendable (Structure) -> (any Error)? = {
      $0.positions[0].x == 3
        ? EnginesError.calculationFailed(client: "c", reason: "no\nconvergence") : nil
    }
    var work = labelling(Springs(trouble: stubborn))
    work.largestForce = 30
    let result = try work.label([folder.path("a.extxyz")], to: out)
    #expect(result.labelled == 3 && result.failures.count == 3)
    let reasons = result.failures.map(\.reason)
    #expect(reasons[0].contains("not a finite number"))
    #expect(reasons[1] == "no\nconvergence" || reasons[1] == "no convergence")
    #expect(reasons[2].contains("40.0"), "\(reasons[2])")
    let table = try folder.text("out-failed.csv")
    #expect(table.contains("a.extxyz:3") && table.contains("no convergence"))
    #expect(try read(out).count == 3)
    let second = Springs()
    let kept = try labelling(second).label([folder.path("a.extxyz")], to: out)
    #expect(second.evaluations == 0 && kept.failures.count == 3)
    let third = Springs()
    var retry = labelling(third)
    retry.retriesFailed = true
    let mended = try retry.label([folder.path("a.extxyz")], to: out)
    #expect(third.evaluations == 3 && mended.labelled == 2 && mended.failures.count == 1)
    #expect(try read(out).map { Int($0.structure.positions[0].x) } == [1, 2, 3, 40, 5])
  }

  @Test func aProgramThatIsNotThereEndsTheWhole() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<9)
    let missing = Springs(trouble: { structure in
      structure.positions[0].x < 2
        ? nil : EnginesError.missing(engine: "e", what: "gone", install: nil)
    })
    #expect(throws: EnginesError.self) {
      try labelling(missing).label([folder.path("a.extxyz")], to: folder.path("out.extxyz"))
    }
    #expect(missing.evaluations == 3)
    // What was there before is kept.
    #expect(try read(folder.path("out.extxyz")).count == 2)
    let always = Springs(trouble: { _ in
      EnginesError.clientFailed(client: "c", tries: 3, reason: "it died", log: nil)
    })
    #expect(throws: EnginesError.self) {
      try labelling(always).label([folder.path("a.extxyz")], to: folder.path("other.extxyz"))
    }
    #expect(always.evaluations == 5, "five in a row are enough")
  }

  @Test func otherFilesAndOtherCalculatorsAreLeftAlone() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.frames("a.extxyz", 0..<3)
    let input = folder.path("a.extxyz")
    let before = try folder.text("a.extxyz")
    // The file of frames is not a file of labels.
    #expect(throws: WorkflowsError.self) { try labelling(Springs()).label([input], to: input) }
    #expect(try folder.text("a.extxyz") == before)
    let out = folder.path("out.extxyz")
    _ = try labelling(Springs()).label([input], to: out)
    #expect {
      try labelling(Springs(), "other").label([input], to: out)
    } throws: {
      ($0 as? WorkflowsError)?.kind == .badData && "\($0)".contains("name another file")
    }
    for text in ["nothing\n", "nothing", "2\nmy own notes\n"] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("note.txt")))
      #expect(throws: WorkflowsError.self) {
        try labelling(Springs()).label([input], to: folder.path("note.txt"))
      }
      #expect(try folder.text("note.txt") == text)
    }
  }

  @Test func anEmptyFileOfFramesIsTold() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try Data().write(to: URL(fileURLWithPath: folder.path("a.extxyz")))
    #expect(throws: FileFormatsError.self) {
      try labelling(Springs()).label([folder.path("a.extxyz")], to: folder.path("out.extxyz"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("out.extxyz")))
  }
}
