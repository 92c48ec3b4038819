import Atomistics
import FileFormats
import Foundation
import Testing

/// Dumps that LAMMPS wrote of the exported cell (Fixtures/exchange), against ASE's dynamics of the
/// cell as it was: a wrong rotation, a mirror or a wrong unit cannot pass.
struct LAMMPSDumpTests {
  let golden: ExchangeGolden
  let structure: Structure
  let directory: TemporaryDirectory

  init() throws {
    golden = try ExchangeGolden.load()
    structure = try ExchangeGolden.cell()
    directory = try TemporaryDirectory()
  }

  private var origin: TrajectoryOrigin { TrajectoryOrigin(structure: structure) }
  private var elements: [Element] { ["S", "Li", "P"].compactMap { Element($0) } }

  @Test(arguments: [
    ("cell.lammpstrj", 1e-7), ("wrapped.dump.gz", 1e-7), ("scaled.dump", 2e-4),
    ("general.dump", 1e-7),
  ])
  func framesComeBackAsTheyWouldHaveBeenHere(name: String, tolerance: Double) throws {
    let found = try frames(ExchangeGolden.path(name), interval: 20, from: origin)
    #expect(found.count == 3)
    for (frame, expected) in zip(found, golden.frames) {
      #expect(largestDifference(frame.structure.positions, vectors(expected.positions)) < tolerance)
      #expect(
        (frame.structure.lattice.matrix - structure.lattice.matrix).frobeniusNorm < 1e-12)
      #expect(frame.structure.species == structure.species)
      #expect(frame.structure.regions == structure.regions)
      #expect(frame.structure.layers == structure.layers)
      if let velocities = frame.structure.velocities {
        #expect(largestDifference(velocities, vectors(expected.velocities)) < 1e-9)
      }
      if let forces = frame.forces {
        #expect(largestDifference(forces, vectors(expected.forces)) < 1e-7)
      }
    }
    #expect(found.map(\.time) == [0, 20, 40])
    #expect(
      (found[0].structure.velocities != nil) == !["scaled.dump", "general.dump"].contains(name))
    #expect((found[0].forces != nil) == (name == "wrapped.dump.gz"))
  }

  @Test func timesOfTheExportedScriptAreInTheFile() throws {
    var reader = try TrajectoryReader(path: ExchangeGolden.path("cell.lammpstrj"))
    _ = try reader.next()
    #expect(try #require(try reader.next()).time == 20)
    #expect(reader.timesAreKnown)
    var silent = try TrajectoryReader(path: ExchangeGolden.path("npt.dump"))
    _ = try silent.next()
    #expect(!silent.timesAreKnown)
  }

  @Test func aDumpOfAGroupIsMatchedById() throws {
    let found = try frames(ExchangeGolden.path("metal.dump"), from: origin)
    let members = structure.regions!.indices.filter { structure.regions![$0] == .metal }
    #expect(found.count == 3)
    for (frame, expected) in zip(found, golden.frames) {
      let all = vectors(expected.positions)
      #expect(largestDifference(frame.structure.positions, members.map { all[$0] }) < 1e-7)
      #expect(frame.structure.regions == Array(repeating: .metal, count: 4))
      #expect(frame.structure.species == members.map { structure.species[$0] })
    }
    #expect(found.map(\.time) == [0, 20, 40])
  }

  @Test func withoutTheStructureFramesAreAsASEReadsThem() throws {
    let own = try frames(ExchangeGolden.path("cell.lammpstrj"))
    for (frame, expected) in zip(own, golden.wrapped) {
      #expect(largestDifference(frame.structure.positions, vectors(expected.positions)) < 1e-9)
      let m = frame.structure.lattice.matrix
      #expect(largestDifference([m[0], m[1], m[2]], vectors(expected.cell)) < 1e-9)
      #expect(frame.structure.regions == nil)
    }
    let typed = try frames(
      ExchangeGolden.path("scaled.dump"), from: TrajectoryOrigin(elementsOfTypes: elements))
    #expect(typed[0].structure.species == structure.species)
  }

  /// The cell of a run at constant pressure changes, and its corner wanders.
  @Test func aCellThatChanges() throws {
    let own = try frames(ExchangeGolden.path("npt.dump"))
    let back = try frames(ExchangeGolden.path("npt.dump"), from: origin)
    #expect(own.count == 3 && golden.npt.count == 3)
    for (k, expected) in golden.npt.enumerated() {
      let lattice = own[k].structure.lattice
      #expect(
        largestDifference([lattice.a, lattice.b, lattice.c], vectors(expected.cell)) < 1e-9)
      for (a, b) in zip(own[k].structure.positions, vectors(expected.positions)) {
        let cells = lattice.fractional(a - b)
        #expect((cells - cells.rounded(.toNearestOrEven)).length < 1e-9)
      }
      let (a, b) = (sortedDistances(own[k].structure), sortedDistances(back[k].structure))
      #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(handedness(back[k].structure) == handedness(own[k].structure))
      #expect(back[k].structure.lattice.matrix.determinant < 0)
    }
    let change = back[2].structure.lattice.matrix - structure.lattice.matrix
    #expect(change.frobeniusNorm > 0.1)
    // No atom jumps on the way.
    let moves = zip(back[1].structure.positions, back[2].structure.positions)
    #expect(moves.allSatisfy { ($0 - $1).length < 2 })
  }

  /// The order of atoms and of columns does not matter.
  @Test func anyOrderGivesTheSame() throws {
    var random = RandomGenerator(seed: 3)
    let text = try ExchangeGolden.text("cell.lammpstrj")
    var order = Array(0..<9)
    order.shuffle(using: &random)
    var out: [String] = []
    var atoms: [String] = []
    for line in text.split(separator: "\n").map(String.init) {
      let words = line.split(separator: " ")
      if words.starts(with: ["ITEM:", "ATOMS"]) {
        let names = order.map { words[$0 + 2] }.joined(separator: " ")
        out.append("ITEM: ATOMS \(names)")
      } else if words.count == 9, words[0] != "ITEM:" {
        atoms.append(order.map { words[$0] }.joined(separator: " "))
        if atoms.count == 12 {
          out += atoms.shuffled(using: &random)
          atoms = []
        }
      } else {
        out.append(line)
      }
    }
    let path = try directory.write(out.joined(separator: "\n") + "\n", to: "a.dump")
    let (a, b) = (try frames(path), try frames(ExchangeGolden.path("cell.lammpstrj")))
    #expect(a.map(\.structure) == b.map(\.structure))
    #expect(out != text.split(separator: "\n").map(String.init))
    // Content alone tells the format.
    let nameless = try directory.write(gzipped(text), to: "nameless")
    #expect(try frames(nameless).map(\.structure) == b.map(\.structure))
  }

  /// Along an open axis the box follows the atoms: positions stay, the cell is the structure's.
  @Test func aShrinkWrappedBox() throws {
    let text = [(-2.0, 9.0), (-2.5, 8.0)].map { low, high in
      """
      ITEM: TIMESTEP
      0
      ITEM: NUMBER OF ATOMS
      2
      ITEM: BOX BOUNDS pp pp mm
      1 6
      0 5
      \(low) \(high)
      ITEM: ATOMS id element x y zs z
      1 Li 1.5 2 0 \(low)
      2 S 5.5 2 1 \(high)

      """
    }.joined()
    let path = try directory.write(text, to: "slab.dump")
    let slab = Structure(
      lattice: Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(0, 0, 8)),
      species: ["Li", "S"].compactMap { Element($0) },
      positions: [Vector3(0.5, 2, -2), Vector3(4.5, 2, 9)], periodic: [true, true, false])
    let found = try frames(path, from: TrajectoryOrigin(structure: slab))
    #expect(found[0].structure == slab)
    #expect(found[1].structure.lattice == slab.lattice)
    #expect(found[1].structure.positions.map(\.z) == [-2.5, 8])
    let scaled = text.replacing("x y zs z", with: "xs ys zs zq").replacing(" 1.5 2", with: " .1 .4")
      .replacing(" 5.5 2", with: " .9 .4")
    let other = try frames(
      directory.write(scaled, to: "scaled.dump"), from: TrajectoryOrigin(structure: slab))
    for (a, b) in zip(other, found) {
      #expect(largestDifference(a.structure.positions, b.structure.positions) < 1e-12)
    }
    #expect(try frames(path)[0].structure.periodic == [true, true, false])
  }

  @Test func realUnits() throws {
    let metal = try ExchangeGolden.text("cell.lammpstrj")
    let real = metal.replacingOccurrences(of: "\nmetal\n", with: "\nreal\n")
      .replacingOccurrences(of: "UNITS\nmetal", with: "UNITS\nreal")
    let found = try frames(directory.write(real, to: "real.dump"))
    #expect(abs(found[1].time - 0.02) < 1e-12)
    let v = try #require(found[1].structure.velocities)
    let w = try #require(try frames(ExchangeGolden.path("cell.lammpstrj"))[1].structure.velocities)
    #expect(largestDifference(v, w.map { 1000 * $0 }) < 1e-12)
  }

  /// Wherever the file is cut, exactly the whole frames before the cut come out.
  @Test func everyCutKeepsTheWholeFrames() throws {
    let text = try ExchangeGolden.text("cell.lammpstrj")
    let bytes = Data(text.utf8)
    let starts = text.ranges(of: "ITEM: TIME\n").map {
      text.utf8.distance(from: text.startIndex, to: $0.lowerBound)
    }
    // UNITS stands in front of the first frame only.
    let ends = starts.dropFirst() + [bytes.count]
    for length in stride(from: 0, through: bytes.count, by: 1) {
      let path = try directory.write(bytes.prefix(length), to: "cut.lammpstrj")
      let whole = ends.filter { $0 <= length }.count
      let clean = ([0] + ends).contains(length)
      #expect(try outcome(path) == "\(whole) frames, truncated \(!clean)")
    }
    let packed = try gzipped(text)
    let path = try directory.write(packed.prefix(packed.count - 40), to: "cut.dump.gz")
    #expect(try outcome(path) == "2 frames, truncated true")
  }
}
