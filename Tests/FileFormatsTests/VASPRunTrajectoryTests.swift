import Atomistics
import FileFormats
import Foundation
import Testing

/// vasprun.xml frame by frame: the synthetic run `Fixtures/vasprun/dynamics.xml` (3 steps, Li2S).
struct VASPRunTrajectoryTests {
  let directory: TemporaryDirectory
  let text: String
  init() throws {
    directory = try TemporaryDirectory()
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    text = try InputFile.text(
      folder.appendingPathComponent("Fixtures/vasprun/dynamics.xml").path)
  }

  private func with(_ settings: String) -> String {
    text.replacingOccurrences(of: "<parameters>", with: "<parameters>\n\(settings)")
  }

  private func frames(
    _ text: String, name: String = "vasprun.xml", interval: Double? = nil,
    origin: TrajectoryOrigin = TrajectoryOrigin()
  ) throws -> (frames: [Frame], timesAreKnown: Bool, truncated: Bool) {
    var reader = try TrajectoryReader(
      path: directory.write(text, to: name), frameInterval: interval, origin: origin)
    var frames: [Frame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return (frames, reader.timesAreKnown, reader.truncated)
  }

  private func reason(_ text: String) throws -> String {
    do {
      return "\(try frames(text).frames.count) frames"
    } catch {
      return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
    }
  }

  @Test func everyStepIsAFrame() throws {
    let found = try frames(with("<i name=\"POTIM\">  1.5 </i>"))
    #expect(found.frames.map(\.time) == [0, 1.5, 3] && found.timesAreKnown && !found.truncated)
    let path = try directory.write(text, to: "whole.xml")
    let run = try VASPRun(path: path)
    let last = try #require(found.frames.last)
    #expect(last.structure == run.structure && last.energy == run.energy)
    #expect(last.forces?.map(\.length).max() == run.largestForce)
    #expect(found.frames[0].structure.volume < last.structure.volume)
    #expect(Set(found.frames.compactMap(\.energy)).count == 3)
    // Packed and told by content.
    var packed = try TrajectoryReader(path: directory.write(gzipped(text), to: "run.out"))
    while try packed.next() != nil {}
    #expect(packed.frameCount == 3)
    #expect(try StructureFile.read(path) == run.structure)
  }

  @Test func timesOnlyWhereTheFileSaysThem() throws {
    #expect(try !frames(text).timesAreKnown, "no POTIM")
    let step = "<i name=\"POTIM\">  1.5 </i>"
    let blocks = step + "<i type=\"int\" name=\"NBLOCK\">  10 </i>"
    #expect(try !frames(with(blocks)).timesAreKnown)
    #expect(try frames(with(blocks), interval: 15).frames.map(\.time) == [0, 15, 30])
    let relaxation = with(step).replacingOccurrences(
      of: "name=\"IBRION\">", with: "name=\"IBRION\"> 2 </i><i type=\"int\" name=\"OTHER\">")
    #expect(try !frames(relaxation).timesAreKnown, "POTIM of a relaxation is no time")
    #expect(
      try reason(with("<i name=\"POTIM\"> 0.0 </i>")).contains("vasprun.xml: POTIM is 0.0 fs"))
  }

  @Test func everyCutKeepsTheWholeSteps() throws {
    let bytes = Data(text.utf8)
    let ends = text.ranges(of: "</calculation>").map {
      text[..<$0.upperBound].utf8.count
    }
    #expect(ends.count == 3)
    for length in stride(from: 0, through: bytes.count, by: 7) {
      var reader = try TrajectoryReader(
        path: directory.write(bytes.prefix(length), to: "vasprun.xml"))
      while try reader.next() != nil {}
      #expect(reader.frameCount == ends.filter { $0 <= length }.count)
      #expect(reader.truncated == (length > 0 && length < bytes.count - 1))
    }
    var packed = try TrajectoryReader(
      path: directory.write(gzipped(text).dropLast(200), to: "vasprun.xml.gz"))
    while try packed.next() != nil {}
    #expect(packed.frameCount < 3 && packed.truncated)
  }

  @Test func starsLeaveOutWhatTheyStandFor() throws {
    let forces = try #require(text.range(of: "<varray name=\"forces\""))
    let row = try #require(text.range(of: "<v>", range: forces.upperBound..<text.endIndex))
    let end = try #require(text.range(of: "</v>", range: row.upperBound..<text.endIndex))
    var starred = text
    starred.replaceSubrange(row.upperBound..<end.lowerBound, with: " ***** 0.1 0.2 ")
    let found = try frames(starred).frames
    #expect(found[0].forces == nil && found[1].forces != nil)
  }

  @Test func damageIsToldWithFileAndLine() throws {
    let second = try #require(text.ranges(of: "<calculation>").dropFirst().first)
    var doubled = text
    doubled.insert(contentsOf: " <calculation>\n", at: second.lowerBound)
    #expect(try reason(doubled).contains("vasprun.xml, line"))
    let positions = try #require(text.ranges(of: "<varray name=\"positions\"").dropFirst(2).first)
    let value = try #require(text.range(of: "<v>", range: positions.upperBound..<text.endIndex))
    var lost = text
    let end = try #require(text.range(of: "</v>", range: value.upperBound..<text.endIndex))
    lost.removeSubrange(value.lowerBound..<end.upperBound)
    #expect(try reason(lost).contains("2 positions, but atominfo names 3 atoms"))
    var broken = text
    broken.replaceSubrange(value.upperBound..<end.lowerBound, with: " 0.1 NaN 0.2 ")
    let line = text[..<value.lowerBound].count { $0 == "\n" } + 1
    #expect(
      try reason(broken) == "vasprun.xml, line \(line): 'NaN' is not a finite number")
    #expect(try reason(text + text).contains("more follows after </modeling>"))
    #expect(try reason("<html></html>").contains("begins with <modeling>"))
    #expect(try reason("{}").contains("this is not XML"))
  }
}
