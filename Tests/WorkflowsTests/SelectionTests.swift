import Atomistics
import FileFormats
import Foundation
import Potentials
import Testing
import Workflows

private let symbols = ["Li", "S", "Cl"]

/// Frames of two to seven atoms with random rows.
private func frames(_ count: Int, seed: UInt64, width: Int = 11) -> [(
  species: [Element], rows: [Double]
)] {
  var random = RandomGenerator(seed: seed, stage: "frames")
  return (0..<count).map { _ in
    let atoms = 2 + Int(random.uniform() * 6)
    let species = (0..<atoms).map { _ in Element(symbols[Int(random.uniform() * 3)])! }
    return (species, (0..<(atoms * width)).map { _ in Double(Float(random.gaussian())) })
  }
}

private func environments(
  _ frames: [(species: [Element], rows: [Double])]
) -> [FrameEnvironments] {
  frames.map {
    FrameEnvironments(species: $0.species, rows: $0.rows, width: $0.rows.count / $0.species.count)
  }
}

/// By looking at all pairs of atoms, again and again.
private func bruteForce(
  _ frames: [(species: [Element], rows: [Double])],
  known: [(species: [Element], rows: [Double])], width: Int = 11
) -> [(frame: Int, distance: Double, mean: Double)] {
  var chosen = known
  var left = Array(frames.indices)
  var result: [(frame: Int, distance: Double, mean: Double)] = []
  while !left.isEmpty {
    let distances = left.map { frame -> [Double] in
      frames[frame].species.indices.map { atom in
        var best = Double.infinity
        for other in chosen {
          for k in other.species.indices where other.species[k] == frames[frame].species[atom] {
            let sum = (0..<width).reduce(0.0) {
              let d = frames[frame].rows[atom * width + $1] - other.rows[k * width + $1]
              return $0 + d * d
            }
            best = min(best, (sum / Double(width)).squareRoot())
          }
        }
        return best
      }
    }
    var top = 0
    for k in left.indices where distances[k].max()! > distances[top].max()! { top = k }
    let mean = distances[top].reduce(0, +) / Double(distances[top].count)
    result.append((left[top], distances[top].max()!, mean))
    chosen.append(frames[left[top]])
    left.remove(at: top)
  }
  return result
}

@Suite struct FarthestFramesTests {
  @Test(arguments: [0, 1, 6]) func theyAreThoseOfBruteForce(_ knownCount: Int) throws {
    let pool = frames(60, seed: 3)
    let known = frames(knownCount, seed: 8)
    let expected = bruteForce(pool, known: known)
    for threads in [1, 3] {
      var search = FarthestFrames(environments(pool), known: environments(known), threads: threads)
      for step in expected {
        let found = search.farthest()
        let next = try #require(found)
        #expect(next.frame == step.frame)
        if step.distance.isFinite {
          #expect(abs(next.distance - step.distance) < 1e-5)
          #expect(abs(next.meanDistance - step.mean) < 1e-5)
        } else {
          #expect(!next.distance.isFinite)
        }
        search.choose(next.frame)
      }
      let end = search.farthest()
      #expect(end == nil)
    }
  }

  @Test func whatIsKnownIsAtDistanceZero() {
    let pool = frames(8, seed: 5)
    var search = FarthestFrames(environments(pool), known: environments(pool))
    let distance = search.farthest()?.distance
    #expect(distance == 0)
    #expect(search.remaining(nearerThan: 1e-3) == 8)
  }
}

@Suite struct FrameSelectionTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("select-\(UUID().uuidString.prefix(8))")

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// A molecule of sulfur with a lithium at each of the distances (Å).
  private func write(
    _ name: String, _ distances: [Double], third: String? = nil, notes: String = ""
  ) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = distances.map { r in
      """
      \(third == nil ? 2 : 3)
      Lattice="12 0 0 0 12 0 0 0 12" Properties=species:S:1:pos:R:3 pbc="T T T" config_type=pair traj="r \(r)" \(notes)
      S 0 0 0
      Li \(r) 0 0\(third.map { "\n\($0) 0 3 0" } ?? "")

      """
    }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  private func read(_ name: String) throws -> [RecordedFrame] {
    var source = ExtendedXYZ().frames(of: try LineReader(path: path(name)))
    var frames: [RecordedFrame] = []
    while let next = try source.next() { frames.append(next) }
    return frames
  }

  @Test func farOnesComeFirstAndReasonsAreTold() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pool = try write("pool.extxyz", [2.4, 2.401, 2.402, 4.0, 0.7, 2.4000000001, 3.0])
    let chlorine = try write("cl.extxyz", [2.4], third: "Cl")
    var selection = FrameSelection(potential: nil)
    selection.count = 4
    let result = try selection.select([pool, chlorine], to: path("out.extxyz"))
    #expect(
      result.frames == 8 && result.duplicates == 1 && result.unphysical == ["Li-S too near": 1])
    #expect(result.chosen.count == 4 && result.beyondCount + result.near == 2)
    let sources = result.chosen.map { $0.source.split(separator: "/").last! }
    #expect(sources[0] == "pool.extxyz:1" && sources[1] == "cl.extxyz:1")
    #expect(Set(sources[2...]) == ["pool.extxyz:4", "pool.extxyz:7"])
    #expect(result.chosen[0].reason.hasPrefix("first") && result.chosen[1].reason == "first Cl")
    #expect(result.chosen[0].distance == nil && result.chosen[2].reason == "distance")
    let (third, fourth) = (result.chosen[2].distance ?? -1, result.chosen[3].distance ?? 9)
    #expect(third >= fourth && result.farthestLeft ?? 9 <= fourth)
    let written = try self.read("out.extxyz")
    #expect(written.map { $0.notes["traj"] } == result.chosen.map(\.traj))
    let table = try CSVTable(path: FrameSelection.table(of: path("out.extxyz")))
    let reason = try table.requiredColumn("reason")
    #expect(table.rows.map { $0[reason] }.prefix(2) == [result.chosen[0].reason, "first Cl"])
    #expect(table.rows.count == 4)
    selection.threads = 3
    _ = try selection.select([pool, chlorine], to: path("other.extxyz"))
    #expect(
      FileManager.default.contents(atPath: path("out.extxyz"))
        == FileManager.default.contents(atPath: path("other.extxyz")))
  }

  @Test func knownFramesCountAsChosen() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pool = try write("pool.extxyz", [2.4, 2.5, 4.2])
    let known = try write("known.extxyz", [2.4, 2.5005])
    var selection = FrameSelection(potential: nil)
    selection.distance = 0.1
    let result = try selection.select([pool], known: [known], to: path("out.extxyz"))
    #expect(result.chosen.map(\.source) == [pool + ":3"] && result.near == 1)
    #expect(result.duplicates == 1)
    #expect {
      try selection.select([pool], known: [pool], to: path("none.extxyz"))
    } throws: {
      ($0 as? WorkflowsError)?.kind == .badData && "\($0)".contains("3 are known or doubles")
    }
    #expect(!FileManager.default.fileExists(atPath: path("none.extxyz")))
  }

  @Test func labelsStayAndLargeForcesGo() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = [2.4, 3.0].map { r in
      """
      2
      Lattice="12 0 0 0 12 0 0 0 12" Properties=species:S:1:pos:R:3:forces:R:3 pbc="T T T" energy=-3.5 virial="1 2 3 4 5 6 7 8 9" weight=2
      S 0 0 0 \(r == 3 ? 50 : 1) 0 0
      Li \(r) 0 0 -1 0 0

      """
    }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path("pool.extxyz")))
    var selection = FrameSelection(potential: nil)
    selection.largestForce = 20
    let result = try selection.select([path("pool.extxyz")], to: path("out.extxyz"))
    #expect(result.unphysical == ["a force above 20.0 eV/Å": 1])
    let frame = try #require(try read("out.extxyz").first)
    #expect(frame.energy == -3.5 && frame.forces?[0] == Vector3(1, 0, 0))
    #expect(frame.notes["virial"] == "1 2 3 4 5 6 7 8 9" && frame.notes["weight"] == "2")
  }
}
