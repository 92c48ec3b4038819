import Atomistics
import FileFormats
import Foundation
import Testing

struct POSCARTests {
  private func read(_ text: String) throws -> Structure {
    let directory = try TemporaryDirectory()
    return try StructureFile.read(directory.write(text, to: "POSCAR_1"))
  }

  private let head = "title\n2.0\n2 0 0\n0 2 0\n0 0 3\nLi_sv S/abc\n1 1\n"

  @Test func readsBackExactly() throws {
    try checkReadsBack(POSCAR(), "CONTCAR", exactly: true)
    try checkReadsBack(POSCAR(), "x.vasp", exactly: true)
  }

  @Test func directAndCartesianWithSelectiveDynamics() throws {
    let direct = try read(head + "Direct\n0 0 0\n0.5 0.5 0.5 S\n")
    #expect(direct.species.map(\.symbol) == ["Li", "S"])
    #expect(direct.positions[1] == Vector3(2, 2, 3))
    let flags = try read(head + "Selective\nkartesian\n0 0 0 T F T\n1 1 1.5 F F F\n")
    #expect(flags.positions[1] == Vector3(2, 2, 3))
  }

  @Test func negativeScaleIsAVolume() throws {
    let text = "t\n-750\n2 0 0\n0 1 0\n0 0 3\nLi\n1\nDirect\n0 0 0\n"
    let structure = try read(text)
    #expect(abs(structure.volume - 750) < 1e-10)
    #expect(abs(structure.lattice.a.x - 10) < 1e-13)
  }

  @Test func threeScalesStretchTheAxes() throws {
    let text = "t\n1 2 3\n4 0 0\n0 4 1\n0 0 4\nLi\n1\nCartesian\n1 1 1\n"
    let structure = try read(text)
    #expect(structure.lattice.b == Vector3(0, 8, 3))
    #expect(structure.positions[0] == Vector3(1, 2, 3))
  }

  @Test func velocitiesAreReadUnlessZero() throws {
    let atoms = "Direct\n0 0 0\n0.5 0.5 0.5\n"
    #expect(try read(head + atoms + "\n0 0 0\n0 0 0\n").velocities == nil)
    #expect(
      try read(head + atoms + "\n0 0 1e-3\n0 2 0\n").velocities
        == [Vector3(0, 0, 1e-3), Vector3(0, 2, 0)])
    var structure = sampleStructures()[0]
    structure.velocities = structure.positions.map { $0 / 3000 }
    let order = POSCAR.ordered(structure).order
    let back = try read(POSCAR().text(of: structure))
    #expect(back.velocities == structure.selecting(order).velocities)
    #expect(order == [0, 2, 1, 3])
  }

  @Test func damageNamesFileAndLine() throws {
    func reason(_ text: String) throws -> String { try message(reading: text, as: "POSCAR") }
    #expect(try reason("") == "POSCAR: the file is empty")
    #expect(
      try reason("t\n1\n2 0 0\n0 2 0\n0 0 3\n1 1\nDirect\n").contains(
        "line 6: the file names no elements"))
    #expect(try reason(head).contains("ends too early"))
    #expect(try reason(head + "Direct\n0 0 0\n").contains("line 9: the file ends too early"))
    #expect(
      try reason(head + "Direct\n0 0 0\n0 x 0\n").contains("line 10: the coordinates of atom 2 'x'")
    )
    #expect(try reason(head + "Direct\n0 0 0\n0 0.01 0\n").contains("0.04 Å apart"))
    #expect(try reason(head + "Elsewhere\n").contains("line 8: expected 'Direct'"))
    #expect(try reason(head + "Selective\nDirect\n0 0 0\n").contains("line 10: selective dynamics"))
    #expect(try reason("t\n0\n").contains("line 2: the scaling factor '0'"))
    #expect(try reason("t\n1\n2 0 0\n0 2 0\n0 2 0\nLi\n1\n").contains("span no volume"))
    for counts in ["-1 1", "99999999999999999999 1", "4000000 4000000", "1", "1 1 1", "1 x"] {
      let text = "t\n1\n2 0 0\n0 2 0\n0 0 3\nLi S\n\(counts)\nDirect\n0 0 0\n0.5 0.5 0.5\n"
      #expect(try reason(text).hasPrefix("POSCAR, line 7: "))
    }
  }
}
