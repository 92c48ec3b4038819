import Atomistics
import FileFormats
import Foundation
import Testing

/// Damaged dumps: a message that says where and what, never a number.
struct LAMMPSDumpDamageTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let frame = """
    ITEM: TIMESTEP
    100
    ITEM: NUMBER OF ATOMS
    3
    ITEM: BOX BOUNDS xy xz yz pp pp pp
    0 6 1
    0 5 0
    0 5 0
    ITEM: ATOMS id type element x y z ix iy iz
    1 1 Li 0 0 0 0 0 0
    2 2 S 2.5 2.5 0 0 0 0
    3 1 Li 0 2.5 2.5 0 0 0

    """

  /// What reading the sound frame and then a damaged one says.
  private func second(_ old: String, _ new: String) throws -> String {
    let damaged = Self.frame.replacing(old, with: new)
    #expect(damaged != Self.frame, "\(old) is not there")
    return try outcome(directory.write(Self.frame + damaged + Self.frame, to: "a.dump"))
  }

  @Test(arguments: [
    ("ITEM: TIMESTEP\n100", "ITEM: TIMESTEP\nx", "line 14: the time step 'x'"),
    ("ITEM: TIMESTEP\n100", "ITEM: TIMESTEP\n-1", "line 14: the time step '-1'"),
    ("ITEM: TIMESTEP\n100", "ITEM: TIMESTEP\n1 2", "expected one value"),
    ("ITEM: TIMESTEP\n100\n", "", "without TIMESTEP"),
    ("ITEM: TIMESTEP\n", "junk\n", "expected the next 'ITEM:', found 'junk'"),
    ("ATOMS\n3", "ATOMS\n2", "holds 2 atoms, the first 3: atoms were lost"),
    ("ATOMS\n3", "ATOMS\n4", "holds 4 atoms, the first 3"),
    ("ATOMS\n3", "ATOMS\n0", "not a sensible number of atoms"),
    ("ATOMS\n3", "ATOMS\n99999999999", "not a sensible number of atoms"),
    ("ATOMS\n3", "ATOMS\n3.5", "is not a number of atoms"),
    ("ITEM: NUMBER OF ATOMS\n3\n", "", "without TIMESTEP, NUMBER OF ATOMS"),
    ("0 6 1\n", "0 6\n", "the box has 2 numbers on this line, expected 3"),
    ("0 6 1\n", "0 6 1 2\n", "the box has 4 numbers"),
    ("0 6 1\n", "0 nan 1\n", "the box's bound 'nan'"),
    ("0 6 1\n", "0 6 inf\n", "the box's tilt 'inf'"),
    ("0 6 1\n", "6 0 1\n", "expected edges above zero"),
    ("0 5 0\n", "0 1e9 0\n", "below 1e6"),
    ("0 5 0\nITEM", "0 1e-3 0\nITEM", "Å high"),
    ("xy xz yz", "abc", "no form of BOX BOUNDS"),
    ("BOX BOUNDS", "BOX", "no part of a dump"),
    ("xy xz yz pp pp pp", "abc origin", "expected 4"),
    ("id type element", "type element", "no column id"),
    ("x y z ix", "x y q ix", "no whole set of positions"),
    ("x y z ix", "x x z ix", "the column x occurs twice"),
    ("1 1 Li 0", "1 1 Xx 0", "'Xx' is not the symbol"),
    ("2 2 S 2.5", "2 2 Cl 2.5", "3 frames"),
    ("2 2 S 2.5", "2 2 S two", "line 23: the position 'two'"),
    ("2 2 S 2.5", "2 2 S nan", "the position 'nan'"),
    ("2 2 S 2.5", "2 2 S 1e300", "the position '1e300'"),
    ("2 2 S 2.5", "2 2 S", "atom 2 of the frame has 8 columns, expected 9"),
    ("2 2 S 2.5", "2 2 S 1 2.5", "has 10 columns"),
    ("2 2 S 2.5", "1 2 S 2.5", "two atoms of the frame that ends here have the id 1"),
    ("2 2 S 2.5", "7 2 S 2.5", "holds other atoms than the first"),
    ("2 2 S 2.5", "0 2 S 2.5", "the id '0'"),
    ("2 2 S 2.5", "2 -2 S 2.5", "the type '-2'"),
    ("2.5 0 0 0\n", "2.5 0 0.5 0\n", "the image '0.5'"),
    ("3 1 Li 0 2.5 2.5 0 0 0\n", "", "atom 3 of the frame has 2 columns"),
    (
      "3 1 Li 0 2.5 2.5 0 0 0\n", "3 1 Li 0 2 2 0 0 0\n4 1 Li 0 2 1 0 0 0\n",
      "does the frame before"
    ),
    ("ITEM: TIMESTEP", "ITEM: UNITS\nlj\nITEM: TIMESTEP", "the units are 'lj'"),
    ("ITEM: TIMESTEP", "ITEM: TIME\nsoon\nITEM: TIMESTEP", "the time 'soon'"),
    ("ITEM: TIMESTEP", "ITEM: TIME\n0.1\nITEM: TIMESTEP", "frame 2 has no time"),
    ("ITEM: ATOMS", "ITEM: WHATEVER\nITEM: ATOMS", "'ITEM: WHATEVER'"),
  ])
  func aDamagedFrame(old: String, new: String, expected: String) throws {
    let said = try second(old, new)
    // Elements are those of the first frame; what a later frame calls them is not asked again.
    #expect(
      said.contains(expected) || old.hasPrefix("1 1 Li") && said.contains("3 frames"), "\(said)")
  }

  private func first(_ old: String, _ new: String, _ origin: TrajectoryOrigin) throws -> String {
    try outcome(
      directory.write(Self.frame.replacing(old, with: new), to: "b.dump"), from: origin)
  }

  @Test func whoTheAtomsAre() throws {
    let elements = ["Li", "S"].compactMap { Element($0) }
    let none = TrajectoryOrigin()
    let typed = TrajectoryOrigin(elementsOfTypes: elements)
    let bare = Self.frame.replacing(" element", with: "").replacing(" Li", with: "")
      .replacing(" S", with: "")
    let path = try directory.write(bare, to: "c.dump")
    #expect(try outcome(path).contains("--types Li,P,S"))
    #expect(try outcome(path, from: typed) == "1 frames, truncated false")
    #expect(try frames(path, from: typed)[0].structure.species.map(\.symbol) == ["Li", "S", "Li"])
    #expect(
      try first("2 2 S", "2 3 S", typed).contains("of type 3, but elements are given for 2 types"))
    #expect(try first("id type", "id mol", typed).contains("no column type"))
    #expect(try first("1 1 Li", "1 1 Qq", none).contains("'Qq' is not the symbol"))
    let carbon = Self.frame.replacing(" Li", with: " C").replacing(" S", with: " C")
    #expect(try outcome(directory.write(carbon, to: "d.dump")).contains("dump_modify element"))
    #expect { _ = try StructureFile.read(path) } throws: { "\($0)".contains("--types") }
  }

  @Test func theStructureMustBeTheOneThatWasExported() throws {
    let lattice = Lattice(Vector3(5, 0, 0), Vector3(1, 5, 0), Vector3(0, 0, 5))
    let species = ["Li", "S", "Li"].compactMap { Element($0) }
    let positions = [Vector3.zero, Vector3(2.5, 2.5, 0), Vector3(0, 2.5, 2.5)]
    let right = Structure(
      lattice: lattice, species: species, positions: positions,
      regions: [.metal, .electrolyte, .metal])
    let found = try frames(
      directory.write(Self.frame, to: "e.dump"), from: TrajectoryOrigin(structure: right))
    #expect(found[0].structure == right)
    var other = right
    other.species[1] = species[0]
    #expect(
      try first("", "", TrajectoryOrigin(structure: other)).contains(
        "atom 2 is S in the dump and Li in the structure"))
    #expect(
      try first("", "", TrajectoryOrigin(structure: right.selecting([0, 1]))).contains(
        "the id 3"))
    other = right
    other.lattice = Lattice(Vector3(5, 0, 0), Vector3(-1, 5, 0), Vector3(0, 0, 9))
    #expect(
      try first("", "", TrajectoryOrigin(structure: other)).contains("the cell's vector"))
  }
}
