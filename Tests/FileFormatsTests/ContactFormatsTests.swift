import Atomistics
import FileFormats
import Foundation
import Testing

/// What contacts ask of the formats: formal charges and the order of a POSCAR.
struct ContactFormatsTests {
  @Test func formalChargesReadBackExactly() throws {
    var structure = sampleStructures()[2]
    structure.formalCharges = [1, 1 / 3.0, -0.25, -2]
    structure.regions = [.metal, .electrolyte, .electrolyte, .metal]
    let directory = try TemporaryDirectory()
    let path = directory.file("c.extxyz")
    try StructureFile.write(structure, to: path)
    #expect(try StructureFile.read(path) == structure)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains(":formal_charge:R:1"))
    // As another program may have written whole ones; ASE's initial_charges are something else.
    let others = """
      2
      Lattice="5 0 0 0 6 0 1 0 7" \
      Properties=species:S:1:pos:R:3:formal_charge:I:1:initial_charges:R:1 pbc="T T T"
      Li 0.5 1 2 1 0.8
      Cl 3.5 1 2 -1 -0.8

      """
    #expect(
      try StructureFile.read(directory.write(others, to: "o.extxyz")).formalCharges == [1, -1])
    let initial = others.replacingOccurrences(of: "formal_charge:I", with: "tags:I")
    #expect(try StructureFile.read(directory.write(initial, to: "i.extxyz")).formalCharges == nil)
    let text = others.replacingOccurrences(of: "formal_charge:I", with: "formal_charge:S")
    #expect(try message(reading: text, as: "f.xyz").contains("formal_charge is text"))
    let bad = others.replacingOccurrences(of: "2 -1 -0.8", with: "2 x -0.8")
    #expect(try message(reading: bad, as: "f.xyz").contains("line 4: the formal charge 'x'"))
  }

  @Test func formalChargesGoWhereTheAtomsGo() throws {
    var structure = sampleStructures()[0]
    structure.formalCharges = [1, 5, 1, -2]
    let large = structure.supercell(2, 1, 2)
    #expect(large.formalCharges?.count == 16 && large.formalCharges?.reduce(0, +) == 20)
    for (element, charge) in zip(large.species, large.formalCharges ?? []) {
      #expect(charge == ["Li": 1, "P": 5, "S": -2][element.symbol])
    }
    #expect(structure.selecting([3, 0]).formalCharges == [-2, 1])
    #expect(structure.wrapped().formalCharges == [1, 5, 1, -2])
    let round = structure.roundestSupercell(maximumAtoms: 16)
    #expect(round.formalCharges?.count == round.count)
    // Files of before know none.
    let old = """
      {"lattice":\(String(decoding: try JSONEncoder().encode(structure.lattice), as: UTF8.self)),
      "periodic":[true,true,true],"species":["Li"],"positions":[[0,0,0]]}
      """
    #expect(try JSONDecoder().decode(Structure.self, from: Data(old.utf8)).formalCharges == nil)
    let again = try JSONDecoder().decode(
      Structure.self, from: try JSONEncoder().encode(structure))
    #expect(again == structure)
  }

  @Test func aPOSCARComesBackInItsOldOrder() throws {
    var structure = sampleStructures()[1]
    structure.velocities = structure.positions.map { $0 / 3000 }
    #expect(structure.species.map(\.symbol) == ["Li", "P", "Li", "S"])
    let directory = try TemporaryDirectory()
    let path = directory.file("POSCAR")
    try POSCAR.writeWithOrder(structure, to: path)
    // The form of ASE's ase-sort.dat: sort and resort.
    #expect(
      try String(contentsOfFile: path + ".order", encoding: .utf8) == "0 0\n2 2\n1 1\n3 3\n")
    #expect(try StructureFile.read(path) == structure)
    try AtomicFile.write("0 0\n1 1\n2 2\n", to: path + ".order")
    #expect(throws: FileFormatsError.self) { try StructureFile.read(path) }
    try AtomicFile.write("0 1\n1 2\n2 0\n3 3\n", to: path + ".order")
    #expect(throws: FileFormatsError.self) { try StructureFile.read(path) }
    // A map that is not its own inverse: atoms go where it says.
    try AtomicFile.write("1 2\n2 0\n0 1\n3 3\n", to: path + ".order")
    let turned = try StructureFile.read(path)
    let written = POSCAR.ordered(structure).order.map { structure.positions[$0] }
    #expect(turned.positions == [2, 0, 1, 3].map { written[$0] })
  }

  /// The files that ASE, pymatgen and gemmi read as the same contact (check_contact.py).
  @Test func aContactIsWrittenAsItWasChecked() throws {
    func path(_ suffix: String) throws -> String {
      try #require(
        Bundle.module.url(forResource: "Fixtures/contact/contact-1.\(suffix)", withExtension: nil)
      ).path
    }
    let contact = try StructureFile.read(path("extxyz"))
    #expect(contact.count == 160 && contact.regions?.filter { $0 == .metal }.count == 64)
    #expect(try CIF().text(of: contact) == InputFile.text(path("cif")))
    #expect(try POSCAR().text(of: contact) == InputFile.text(path("POSCAR")))
    #expect(try POSCAROrder(contact).text == InputFile.text(path("POSCAR.order")))
    #expect(try LAMMPSData(contact).text == InputFile.text(path("data")))
    #expect(try StructureFile.read(path("POSCAR")).positions == contact.positions)
  }
}
