import Atomistics
import FileFormats
import Foundation
import Testing

struct ExtendedXYZTests {
  @Test func readsBackExactly() throws {
    try checkReadsBack(ExtendedXYZ(), "a.xyz", exactly: true)
    try checkReadsBack(ExtendedXYZ(), "A.EXTXYZ", exactly: true)
  }

  @Test func framesReadBackWithEverything() throws {
    var structure = sampleStructures()[1]
    structure.periodic = [true, false, true]
    structure.velocities = structure.positions.map { $0 * 1e-4 / 3 }
    structure.regions = [.electrolyte, .metal, .metal, .electrolyte]
    structure.layers = [-1, 0, 1, 12]
    let forces = structure.positions.map { $0 / 7 }
    let frame = Frame(structure: structure, time: 1234.1, energy: -1 / 3.0, forces: forces)
    let text = ExtendedXYZ.text(of: frame, info: [("note", "a \"b\" \\ c = d"), ("step", "12")])
    let directory = try TemporaryDirectory()
    var reader = try TrajectoryReader(path: directory.write(text + text, to: "t.xyz"))
    for _ in 0..<2 {
      let back = try #require(try reader.next())
      #expect(back.structure == structure)
      #expect(back.time == 1234.1)
      #expect(back.energy == -1 / 3.0)
      #expect(back.forces == forces)
    }
    #expect(try reader.next() == nil)
    #expect(!reader.truncated)
    #expect(reader.timesAreKnown)
  }

  /// Columns in any order, brackets, bare words, Fortran's habits and blanks.
  @Test func readsOthersConventions() throws {
    let text = """
      2
      energy = -1.5 Lattice="5 0 0 0 6 0 1 0 7" flag pbc="[T, F, True]" stress="1 2 3 4 5 6" \
      Properties=tag:I:2:pos:R:3:magmoms:R:1:Z:I:1:region:I:1:forces:R:3 time_ps=0.25 \
      dict={"a": 1} name='two words' m=[[1, 2], [3, 4]]
      1 2  0.5 1.0e0 2   0.1 3   0  1 2 3
      3 4  3.5 1.0   2  -0.1 17  1  4 5 6

      """
    let directory = try TemporaryDirectory()
    var reader = try TrajectoryReader(path: directory.write(text, to: "t.xyz"))
    let frame = try #require(try reader.next())
    #expect(frame.structure.species.map(\.symbol) == ["Li", "Cl"])
    #expect(frame.structure.positions == [Vector3(0.5, 1, 2), Vector3(3.5, 1, 2)])
    #expect(frame.structure.lattice.c == Vector3(1, 0, 7))
    #expect(frame.structure.periodic == [true, false, true])
    #expect(frame.structure.regions == nil)
    #expect(frame.forces == [Vector3(1, 2, 3), Vector3(4, 5, 6)])
    #expect(frame.time == 250)
    #expect(frame.energy == -1.5)
  }

  @Test func moleculesStandInOpenSpace() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "2\n it's a molecule\nC 0 0 0 extra\nN 0 0 1.17 2\n", to: "m.xyz")
    let structure = try StructureFile.read(path)
    #expect(structure.periodic == [false, false, false])
    #expect(structure.lattice.lengths.z == 21.17)
  }

  @Test func damageNamesFileAndLine() throws {
    let head = "Lattice=\"5 0 0 0 5 0 0 0 5\" Properties=species:S:1:pos:R:3"
    func reason(_ text: String) throws -> String { try message(reading: text, as: "f.xyz") }
    #expect(try reason("1\n\(head)\nLi 0 0 0\n") == "read")
    #expect(try reason("") == "f.xyz: the file is empty")
    #expect(try reason("x\n\(head)\n").hasPrefix("f.xyz, line 1: 'x' is not a number of atoms"))
    for count in ["-3", "0", "99999999", "9999999999999999999999"] {
      #expect(try reason("\(count)\n\(head)\nLi 0 0 0\n").hasPrefix("f.xyz, line 1: "))
    }
    #expect(try reason("5000000\n\(head)\nLi 0 0 0\n").contains("line 3: the file ends too early"))
    #expect(try reason("1\n\(head)\nLi 0 0 0\nLi 1 1 1\n").contains("line 4: expected the number"))
    #expect(
      try reason("1\n\(head)\nLi 0 nan 0\n").contains(
        "line 3: the coordinate 'nan' is not a finite"))
    #expect(try reason("1\n\(head)\nLi 0 1e300 0\n").contains("line 3"))
    #expect(try reason("1\n\(head)\nLi 0 0\n").contains("line 3: atom 1 has 3 columns, expected 4"))
    #expect(try reason("1\n\(head)\nXx 0 0 0\n").contains("line 3: 'Xx' is not the symbol"))
    #expect(try reason("2\n\(head)\nLi 0 0 0\nLi 0 0 0.1\n").contains("0.1 Å apart"))
    #expect(try reason("2\n\(head)\nLi 0 0 0\nLi 0 0 0\n").contains("in the same place"))
    #expect(
      try reason("1\nLattice=\"5 0 0 0 5 0 0 0\"\nLi 0 0 0\n").contains("line 2: Lattice has 8"))
    #expect(try reason("1\nLattice=\"5 0 0 5 0 0 0 0 5\"\nLi 0 0 0\n").contains("span no volume"))
    #expect(
      try reason("1\nLattice=\"1e-9 0 0 0 1e-9 0 0 0 1e-9\"\nLi 0 0 0\n").contains("check units"))
    #expect(try reason("1\npbc=\"T T T\"\nLi 0 0 0\n").contains("there is no Lattice"))
    #expect(try reason("1\n\(head):vel:R:2\nLi 0 0 0 1 1\n").contains("expected vel:R:3"))
    #expect(try reason("1\n\(head):x:R:9999999999999999999\nLi 0 0 0\n").contains("is not name:"))
    #expect(try reason("1\n\(head) energy=low\nLi 0 0 0\n").contains("energy is 'low'"))
    #expect(try reason("1\n\(head) velocity_unit=m/s\nLi 0 0 0\n").contains("expected A/fs"))
  }
}
