import Atomistics
import FileFormats
import Foundation
import Testing

/// GPUMD's model.xyz, which calorine reads in Fixtures/exchange/generate_exchange.py, and files as
/// its documentation has them.
struct GPUMDTests {
  let golden: ExchangeGolden
  let structure: Structure
  let directory: TemporaryDirectory

  init() throws {
    golden = try ExchangeGolden.load()
    structure = try ExchangeGolden.cell()
    directory = try TemporaryDirectory()
  }

  @Test func theModelIsTheStructure() throws {
    let model = try GPUMDModel(structure)
    let back = try StructureFile.read(directory.write(model.text, to: "model.xyz"))
    #expect(back == structure)
    #expect(model.groupings.map(\.name) == ["regions", "layers"])
    #expect(model.groupings[0].groups == ["electrolyte", "metal"])
    #expect(model.groupings[1].groups == ["no layer", "layer 0", "layer 1", "layer 2"])
    for grouping in model.groupings {
      #expect(Set(grouping.labels) == Set(grouping.groups.indices))
    }
    let line = try #require(model.text.split(separator: "\n").dropFirst(3).first)
    #expect(line.hasPrefix("Li 4.8857942") && line.hasSuffix("1 0 metal -1"))
    #expect(line.split(separator: " ")[4] == "6.94")
    var plain = structure
    (plain.regions, plain.layers, plain.velocities) = (nil, nil, nil)
    #expect(!(try GPUMDModel(plain)).text.contains("group"))
    #expect(try StructureFile.read(directory.write(GPUMDModel(plain).text, to: "p.xyz")) == plain)
    #expect { try GPUMDModel(structure.selecting([0])) } throws: { "\($0)".contains("two or more") }
  }

  /// GPUMD takes keys in any case and blanks around the sign.
  @Test func aModelInLowerCase() throws {
    let text = """
      2
      pbc="T F F" lattice = "4 0 0 0 6 0 0 0 6" properties=species:S:1:pos:R:3:group:I:1
      C 0 0 0 0
      Si 1 3 3 1

      """
    let read = try StructureFile.read(directory.write(text, to: "model.xyz"))
    #expect(read.species.map(\.symbol) == ["C", "Si"])
    #expect(read.lattice.b == Vector3(0, 6, 0) && read.periodic == [true, false, false])
    #expect(read.regions == nil && read.layers == nil)
  }

  @Test func framesWithUnwrappedPositions() throws {
    let path = try ExchangeGolden.path("gpumd_dump.xyz")
    let found = try frames(path, from: TrajectoryOrigin(structure: structure))
    #expect(found.map(\.time) == [0, 20, 40])
    for (frame, expected) in zip(found, golden.frames) {
      #expect(largestDifference(frame.structure.positions, vectors(expected.positions)) < 1e-6)
      let velocities = try #require(frame.structure.velocities)
      #expect(largestDifference(velocities, vectors(expected.velocities)) < 1e-9)
      #expect(largestDifference(try #require(frame.forces), vectors(expected.forces)) < 1e-7)
      #expect(abs(try #require(frame.energy) - expected.energy) < 1e-7)
      #expect(frame.structure.regions == structure.regions)
      #expect(frame.structure.layers == structure.layers)
    }
    #expect(try frames(path)[0].structure.regions == nil)
  }

  /// Old GPUMD wrote neither cell nor time.
  @Test func aMovieWithoutACellTakesTheStructures() throws {
    let path = try ExchangeGolden.path("gpumd_movie.xyz")
    let bare = try frames(path)
    #expect(bare[0].structure.periodic == [false, false, false])
    let found = try frames(path, interval: 20, from: TrajectoryOrigin(structure: structure))
    #expect(found.map(\.time) == [0, 20, 40])
    for (frame, expected) in zip(found, golden.frames) {
      #expect(frame.structure.lattice == structure.lattice)
      #expect(frame.structure.periodic == [true, true, true])
      for (a, b) in zip(frame.structure.positions, vectors(expected.positions)) {
        let cells = structure.lattice.fractional(a - b)
        #expect((cells - cells.rounded(.toNearestOrEven)).length < 1e-6)
      }
    }
  }

  @Test func damage() throws {
    let text = try ExchangeGolden.text("gpumd_dump.xyz")
    let origin = TrajectoryOrigin(structure: structure)
    func said(_ old: String, _ new: String) throws -> String {
      let damaged = text.replacing(old, with: new)
      #expect(damaged != text)
      return try outcome(directory.write(damaged, to: "dump.xyz"), from: origin)
    }
    #expect(try said("unwrapped_position:R:3", "unwrapped_position:R:2").contains("expected"))
    #expect(try said("unwrapped_position:R:3:", "").contains("columns, expected"))
    #expect(try said("-14.6910992", "nan").contains("the unwrapped position 'nan'"))
    #expect(try said("Time=20.", "Time=x.").contains("Time is 'x."))
    #expect(try said("\nP ", "\nAs ").contains("is As here and P in the structure"))
    #expect(
      try said("Time=40", "TIME=40").contains("frame 3 has no time although others have"))
    let fewer = TrajectoryOrigin(structure: structure.selecting(Array(0..<11)))
    #expect(
      try outcome(ExchangeGolden.path("gpumd_dump.xyz"), from: fewer).contains(
        "the frame has 12 atoms, the structure"))
    let bytes = Data(text.utf8)
    let path = try directory.write(bytes.prefix(bytes.count - 30), to: "dump.xyz")
    #expect(try outcome(path, from: origin) == "2 frames, truncated true")
  }
}
