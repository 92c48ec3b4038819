import Foundation
import Testing

@Suite struct EntriesCollectTests {
  @Test func collectsSeveralFormatsAndReadsThemBack() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ name: String) throws -> String {
      let path = folder.appending(path: name).path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    let json = try write(
      "[{\"energy\":-12,\"composition\":{\"Li\":2,\"S\":1},\"correction\":0,"
        + "\"energy_adjustments\":[],\"entry_id\":\"mp-1153\"}]", "a.json")
    let frames = try write(
      "1\nenergy=-1.9 id=own\nLi 0 0 0\n2\nenergy=-8.2\nS 0 0 0\nS 0 0 2\n", "b.extxyz")
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", json]
    try gzip.run()
    gzip.waitUntilExit()
    let table = folder.appending(path: "t.csv").path
    let run = try InterphaseProcess(
      "entries", "collect", json + ".gz", frames, "-o", table, "--json")
    try #require(run.status == 0, "\(run.errors)")
    #expect(try run.json()["entries"] as? Int == 3)
    let hull = try InterphaseProcess(
      "hull", "--entries", table, "--system", "Li-S", "--json")
    #expect(try hull.json()["stable"] as? [String] != nil, "\(hull.errors)")
    let damaged = try write("1\nid=own\nLi 0 0 0\n", "c.extxyz")
    let refused = try InterphaseProcess("entries", "collect", damaged, "-o", table)
    #expect(refused.status == 65 && refused.errors.contains("frame 1"), "\(refused.errors)")
  }
}
