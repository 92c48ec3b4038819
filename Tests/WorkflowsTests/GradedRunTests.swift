import Atomistics
import FileFormats
import Foundation
import Potentials
import Testing
import Workflows

private func fixture(_ name: String) -> URL {
  repositoryRoot.appendingPathComponent("Tests/PotentialsTests/Fixtures/\(name)")
}

@Suite struct GradedRunTests {
  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-grades-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  /// A set on the disk, made from one frame, and that frame.
  private func makeSet() throws -> (
    path: String, potential: NEPPotential, sha256: String, start: Structure
  ) {
    let file = fixture("nep4_zbl.nep.txt").path
    let potential = try NEPPotential(path: file)
    let elements = potential.header.species
    let start = Structure(
      lattice: Lattice(Vector3(8, 0, 0), Vector3(0, 8, 0), Vector3(0, 0, 8)),
      species: (0..<8).map { elements[$0 % elements.count] },
      fractional: (0..<8).map {
        Vector3(0.5 * Double($0 & 1), 0.5 * Double($0 >> 1 & 1), 0.5 * Double($0 >> 2))
      })
    let frames = directory.appendingPathComponent("set.extxyz").path
    try AtomicFile.write(ExtendedXYZ().text(of: start), to: frames)
    let made = try ActiveSetSelection(file: frames, potential: potential)
    #expect(made.frames == 1 && made.largestGrade <= 1 + ActiveSetBuilder.tolerance)
    let path = directory.appendingPathComponent("active-set.json").path
    let sha256 = try SHA256Digest.hex(ofFile: file)
    try ActiveSetFile.write(made.set, potentialSHA256: sha256, to: path)
    let read = try ActiveSetFile.read(
      path, potentialSHA256: sha256, neurons: potential.header.neurons)
    #expect(read == made.set)
    return (path, potential.graded(against: read), sha256, start)
  }

  @Test func damagedSetsAndThoseOfOthersAreRefused() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (path, potential, sha256, _) = try makeSet()
    let neurons = potential.header.neurons
    #expect(throws: FileFormatsError.self) {
      try ActiveSetFile.read(path, potentialSHA256: "0" + sha256.dropFirst(), neurons: neurons + 1)
    }
    #expect(throws: FileFormatsError.self) {
      try ActiveSetFile.read(path, potentialSHA256: "other", neurons: neurons)
    }
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in stride(from: 5, to: good.count - 2, by: max(1, good.count / 60)) {
      var bad = good
      bad[place] = bad[place] == 0x31 ? 0x32 : 0x31
      guard bad != good else { continue }
      try bad.write(to: URL(fileURLWithPath: path))
      // A digit past the last bit of a number changes nothing.
      let found = try? ActiveSetFile.read(path, potentialSHA256: sha256, neurons: neurons)
      #expect(found == nil || found == potential.activeSet, "byte \(place)")
      try good.prefix(place).write(to: URL(fileURLWithPath: path))
      #expect(throws: FileFormatsError.self, "cut at \(place)") {
        try ActiveSetFile.read(path, potentialSHA256: sha256, neurons: neurons)
      }
    }
  }

  /// Frames that are kept are the same bytes after an interruption, and stand for their rows.
  @Test func keptFramesSurviveAnInterruption() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (_, potential, sha256, start) = try makeSet()
    var settings = DynamicsSettings(temperature: 600, production: 60, seed: 3)
    settings.sampleInterval = 5
    settings.checkpointInterval = 13
    settings.grades = GradeSettings()
    settings.grades?.interval = 7
    func run(_ name: String) -> DynamicsRun {
      DynamicsRun(
        directory: directory.appendingPathComponent(name), structure: start,
        calculator: SinglePrecisionNEP(potential), settings: settings,
        inputs: ["potential": sha256])
    }
    try run("whole").run(shouldStop: { false })
    var steps = 0
    #expect(throws: WorkflowsError.self) {
      try run("parts").run(shouldStop: {
        steps += 1
        return steps == 17
      })
    }
    // What a kill leaves behind the last checkpoint.
    let kept = directory.appendingPathComponent("parts/extrapolating.extxyz")
    let handle = try FileHandle(forWritingTo: kept)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("8\nrubbish".utf8))
    try handle.close()
    try run("parts").run(shouldStop: { false })
    for name in ["extrapolating.extxyz", "thermo.csv", "trajectory.extxyz", "checkpoint.bin"] {
      #expect(
        try Data(contentsOf: directory.appendingPathComponent("whole/\(name)"))
          == Data(contentsOf: directory.appendingPathComponent("parts/\(name)")), "\(name)")
    }
    let text = try String(contentsOf: kept, encoding: .utf8)
    #expect(text.contains(":grade:R:1"))
    let frames = text.components(separatedBy: "Lattice=").count - 1
    #expect(frames > 1 && frames <= 60 / 7 + 1)
    let table = try String(
      contentsOf: directory.appendingPathComponent("whole/thermo.csv"), encoding: .utf8)
    #expect(table.split(separator: "\n")[0].hasSuffix("grade_max,grade_atom"))
    // The kept frames are looked at like the other files.
    var edited = try Data(contentsOf: kept)
    edited[edited.count / 3] ^= 1
    try edited.write(to: kept)
    #expect { try run("parts").run(shouldStop: { false }) } throws: {
      "\($0)".contains("extrapolating.extxyz") && "\($0)".contains("edited or damaged")
    }
    let summary = try #require(
      try GradeSummary(directory: directory.appendingPathComponent("whole")))
    #expect(summary.kept == frames && summary.grades.count == 13)
    // The start is the set itself: it does not extrapolate, whatever rounding says.
    #expect(abs(summary.grades[0] - 1) < 0.02)
    #expect(summary.share(above: GradeSummary.extrapolates) < 1)
    #expect(summary.share(above: 0) == 1 && summary.share(above: summary.peak.grade) == 0)
    #expect(summary.peak.grade >= summary.grades.reduce(0, max))
    // A frame that lost its end is told.
    let whole = directory.appendingPathComponent("whole/extrapolating.extxyz")
    let data = try Data(contentsOf: whole)
    for lost in [2, 60, 200] {
      try data.dropLast(lost).write(to: whole)
      #expect(throws: FileFormatsError.self, "\(lost) bytes") {
        try GradeSummary(directory: directory.appendingPathComponent("whole"))
      }
    }
  }

  @Test func aRunStopsAboveTheLimit() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (_, potential, _, start) = try makeSet()
    var settings = DynamicsSettings(temperature: 600, production: 60, seed: 3)
    settings.grades = GradeSettings()
    settings.grades?.stop = 2
    #expect(throws: WorkflowsError.self) {
      try DynamicsRun(
        directory: directory.appendingPathComponent("stop"), structure: start,
        calculator: SinglePrecisionNEP(potential), settings: settings
      ).run(shouldStop: { false })
    }
    settings.grades?.stop = 1
    #expect(throws: AtomisticsError.self, "the stop is below the threshold") {
      try settings.validate()
    }
  }
}
