import Atomistics
import FileFormats
import Foundation
import Testing

struct CIFTests {
  private func text(
    group: String, a: Double = 4.08, sites: String, more: String = "", gamma: Double = 90
  ) -> String {
    """
    # by hand
    data_test
    _cell_length_a \(a)(2)
    _cell_length_b \(a)
    _cell_length_c \(a)
    _cell_angle_alpha 90
    _cell_angle_beta 90
    _cell_angle_gamma \(gamma)
    \(group)
    \(more)
    loop_
    _atom_site_label
    _atom_site_type_symbol
    _atom_site_fract_x
    _atom_site_fract_y
    _atom_site_fract_z
    _atom_site_occupancy
    \(sites)

    """
  }

  private func read(_ text: String) throws -> Structure {
    let directory = try TemporaryDirectory()
    return try StructureFile.read(directory.write(text, to: "x.cif"))
  }

  @Test func readsBackAsTheSameCrystal() throws {
    try checkReadsBack(CIF(), "a.cif", exactly: false)
  }

  /// Rock salt from two sites: 8 atoms, each with 6 neighbours of the other kind at a/2.
  @Test(arguments: [
    "_symmetry_space_group_name_H-M 'F m -3 m'", "_space_group_name_H-M_alt Fm-3m",
    "_space_group_IT_number 225", "_space_group_name_Hall '-F 4 2 3'",
  ])
  func expandsRockSalt(group: String) throws {
    let structure = try read(
      text(
        group: group,
        sites: "Li1 Li+ 0 0 0 1\nF1 F- 1/2 0.5 0.5 ."
          .replacingOccurrences(of: "1/2", with: "0.5(0)")))
    #expect(structure.composition.formula == "Li4F4")
    let list = NeighborList(structure, cutoff: 2.1)
    for i in 0..<8 {
      let others = list.pairs(of: i).filter {
        structure.species[Int(list.neighbors[$0])] != structure.species[i]
      }
      #expect(others.count == 6 && list.pairs(of: i).count == 6)
    }
  }

  /// The operations that are listed win over a symbol: here only a screw along z.
  @Test func listedOperationsCount() throws {
    let operations = "loop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n'-x, -y, z+1/2'"
    let structure = try read(
      text(
        group: "_symmetry_space_group_name_H-M 'F m -3 m'",
        sites: "Li1 Li 0.1 0.2 0.3 1", more: operations))
    #expect(structure.count == 2)
    let second = structure.fractionalPositions[1]
    #expect((second - Vector3(0.9, 0.8, 0.8)).length < 1e-12)
  }

  @Test func partsOfOneAtomAreOneAtom() throws {
    let group = "_space_group_name_H-M_alt 'P 1'"
    let whole = text(group: group, sites: "S1 S 0 0 0 0.25\nS2 S 1 0 0 0.7500\nLi Li .5 .5 .5 1")
    #expect(try read(whole).composition.formula == "LiS")
  }

  @Test func disorderAndDamageNameTheSite() throws {
    let group = "_space_group_name_H-M_alt 'P 1'"
    func reason(_ text: String) throws -> String { try message(reading: text, as: "f.cif") }
    func site(_ sites: String) throws -> String { try reason(text(group: group, sites: sites)) }
    #expect(try site("Li1 Li 0 0 0 1") == "read")
    #expect(try site("Li1 Li 0 0 0 0.5").contains("the site Li1 (Li) is occupied to 0.5"))
    #expect(try site("Li1 Li 0 0 0 0.5\nNa1 Na 0 0 0 0.5").contains("ordered model"))
    #expect(try site("Li1 Li 0 0 0 nan").contains("is occupied to nan"))
    #expect(try site("Li1 Li 0 0 0 1.2").contains("is occupied to 1.2"))
    #expect(try site("Li1 Li 0 0 0 1\nS1 S 0 0 0 1").contains("in the same place"))
    #expect(try site("Li1 Li 0 0 0 1\nS1 S 0 0 0.99 1").contains("0.041 Å apart"))
    #expect(try site("Q1 Qq 0 0 0 1").contains("the site Q1 is of 'Qq', which is not an element"))
    #expect(try site("Li1 Li 0 ? 0 1").contains("Li1 has a coordinate that is not a number"))
    #expect(try site("Li1 Li 0 0 0").contains("Wrong number of values in the loop"))
    #expect(
      try reason(text(group: "_x_y z", sites: "Li1 Li 0 0 0 1")).contains("nothing of its symmetry")
    )
    #expect(
      try reason(text(group: "_space_group_name_H-M_alt Qm3", sites: "Li1 Li 0 0 0 1"))
        .contains("Qm3 is not known"))
    #expect(
      try reason(text(group: group, a: -4, sites: "Li1 Li 0 0 0 1")).contains("_cell_length_a is"))
    #expect(
      try reason(text(group: group, sites: "Li1 Li 0 0 0 1", gamma: 180)).contains(
        "_cell_angle_gamma"))
    let loop = "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx,x,z"
    #expect(
      try reason(text(group: "", sites: "Li1 Li 0 0 0 1", more: loop))
        .contains("not a symmetry operation"))
    #expect(try reason("").contains("no list of atoms"))
    #expect(try reason("data_a\n_x 1\n_y 'open\n").hasPrefix("f.cif, line 3: "))
    let two = text(group: group, sites: "Li1 Li 0 0 0 1")
    #expect(
      try reason(two + two.replacingOccurrences(of: "data_test", with: "data_b"))
        .contains("several structures"))
  }
}
