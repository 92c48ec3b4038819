import Atomistics
import FileFormats
import Foundation
import Testing

/// `PROJECT-pos-1.xyz` and `PROJECT-1.cell` as CP2K writes them.
struct CP2KXYZTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func frame(_ step: Int, z: Double = 1, energy: String = "-17.1641") -> String {
    """
           2
     i =  \(step), time =   \(0.5 * Double(step)), E =       \(energy)
      Li         0.1000000000        0.2000000000        \(z)
       S         2.0000000000        2.0000000000        2.0000000000

    """
  }

  private func cells(_ steps: [Int]) -> String {
    "#   Step   Time [fs]       Ax [Angstrom]  Ay Az Bx By Bz Cx Cy Cz      Volume [Angstrom^3]\n"
      + steps.map {
        "  \($0)  \(0.5 * Double($0))  \(5 + $0) 0.0 0.0  0.5 6.0 0.0  0.0 0.0 7.0  210.0\n"
      }
      .joined()
  }

  private func frames(
    _ text: String, name: String = "run-pos-1.xyz", origin: TrajectoryOrigin = TrajectoryOrigin()
  ) throws -> [Frame] {
    var reader = try TrajectoryReader(path: directory.write(text, to: name), origin: origin)
    var frames: [Frame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  private func reason(_ text: String, name: String = "run-pos-1.xyz") throws -> String {
    do {
      return "\(try frames(text, name: name).count) frames"
    } catch {
      return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
    }
  }

  @Test func timeEnergyAndCellOfEachFrame() throws {
    _ = try directory.write(cells([0, 1, 2, 3]), to: "run-1.cell")
    // Positions are written every second step.
    let found = try frames(frame(0) + frame(2, z: 1.5))
    #expect(found.map(\.time) == [0, 1])
    let energy = try #require(found[0].energy)
    #expect(abs(energy - -17.1641 * 27.211386245988) < 1e-9)
    #expect(found.map { $0.structure.lattice.a.x } == [5, 7])
    #expect(found[1].structure.lattice.b == Vector3(0.5, 6, 0))
    #expect(found[1].structure.positions[0] == Vector3(0.1, 0.2, 1.5))
    #expect(found[1].structure.periodic == [true, true, true])
    // Packed, with its cells packed too, under another name.
    _ = try directory.write(gzipped(cells([0, 1, 2])), to: "other-1.cell.gz")
    var packed = try TrajectoryReader(
      path: directory.write(gzipped(frame(0) + frame(2)), to: "other-pos-1.xyz.gz"))
    #expect(try packed.next()?.structure.lattice.a.x == 5)
  }

  @Test func theCellMayBeTold() throws {
    let lattice = Lattice(Vector3(9, 0, 0), Vector3(0, 9, 0), Vector3(0, 0, 9))
    let told = try frames(frame(0), origin: TrajectoryOrigin(lattice: lattice))
    #expect(told[0].structure.lattice == lattice)
    #expect(told[0].structure.periodic == [true, true, true])
    let open = try #require(try frames(frame(0)).first).structure
    #expect(open.periodic == [false, false, false])
    var start = open
    start.lattice = lattice
    start.periodic = [true, true, false]
    start.regions = [.metal, .electrolyte]
    let found = try frames(frame(0), origin: TrajectoryOrigin(structure: start))
    #expect(found[0].structure.lattice == lattice)
    #expect(found[0].structure.periodic == [true, true, false])
    #expect(found[0].structure.regions == start.regions)
    // What is told goes before the file beside the trajectory.
    _ = try directory.write(cells([0]), to: "run-1.cell")
    #expect(
      try frames(frame(0), origin: TrajectoryOrigin(lattice: lattice))[0].structure.lattice
        == lattice)
    // A file that has a cell is not overruled.
    let extended = "1\nLattice=\"5 0 0 0 5 0 0 0 5\" Properties=species:S:1:pos:R:3\nLi 0 0 0\n"
    #expect {
      try frames(extended, name: "a.xyz", origin: TrajectoryOrigin(lattice: lattice))
    } throws: { "\($0)".contains("a.xyz, line 3: the file has a cell of its own") }
  }

  @Test func namesOfKinds() throws {
    let text = frame(0).replacingOccurrences(of: "Li  ", with: "Li1 ")
      .replacingOccurrences(of: "S  ", with: "S_a")
    #expect(try frames(text)[0].structure.species.map(\.symbol) == ["Li", "S"])
    let shouted = frame(0).replacingOccurrences(of: "Li  ", with: "LI  ")
    #expect(try frames(shouted)[0].structure.species[0].symbol == "Li")
  }

  @Test func everyCutKeepsTheWholeFrames() throws {
    let texts = [frame(0), frame(1), frame(2)]
    let bytes = Data(texts.joined().utf8)
    let ends = texts.indices.map { texts[...$0].joined().utf8.count }
    for length in 30...bytes.count {
      var reader = try TrajectoryReader(
        path: directory.write(bytes.prefix(length), to: "cut-pos-1.xyz"))
      while try reader.next() != nil {}
      #expect(reader.frameCount == ends.filter { $0 <= length }.count)
      #expect(reader.truncated == !ends.contains(length))
    }
  }

  @Test func damageIsToldWithFileAndLine() throws {
    #expect(
      try reason(frame(0) + frame(1, energy: "NaN"))
        .contains("run-pos-1.xyz, line 6: E is 'NaN', expected a finite number"))
    #expect(
      try reason(frame(0) + frame(1).replacingOccurrences(of: "0.2000", with: "nan"))
        .contains("line 7: the coordinate 'nan000000' is not a number"))
    #expect(
      try reason(frame(4) + frame(5) + frame(3))
        .contains("line 12: frame 3 is at 0.0015 ps, after one at 0.0025 ps"))
    let torn = frame(0).split(separator: "\n").dropLast().joined(separator: "\n") + "\n" + frame(1)
    #expect(try reason(torn).contains("line 4: atom 2 has 1 columns"))
    #expect(
      try reason(frame(0) + "       2\n energy -3\n").contains("line 6: expected 'i = ..."))
    #expect(try reason(frame(0), name: "run-frc-1.xyz").contains("CP2K's forces"))
    _ = try directory.write(cells([0, 2]), to: "run-1.cell")
    #expect(
      try reason(frame(0) + frame(1)).contains("run-1.cell, line 3: there is no cell of step 1"))
    #expect(
      try reason(frame(0) + frame(4)).contains("run-1.cell, line 3: the file ends before the cell"))
    _ = try directory.write(cells([0]).replacingOccurrences(of: "7.0", with: "x"), to: "run-1.cell")
    #expect(try reason(frame(0)).contains("run-1.cell, line 2: the cell vector c 'x'"))
  }
}
