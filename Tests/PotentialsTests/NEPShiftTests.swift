import Atomistics
import Foundation
import Potentials
import Testing

@Suite struct NEPShiftTests {
  private func shifted(_ model: String, _ shifts: [Element: Double]) throws -> NEPPotential {
    let text = try String(contentsOf: Fixture.url("\(model).nep.txt"), encoding: .utf8)
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("shift-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(try NEPShift.adding(shifts, to: text, path: model).utf8).write(to: file)
    return try NEPPotential(path: file.path)
  }

  @Test(arguments: ["nep4", "nep4_zbl", "nep4_zbl_flexible", "nep4_cutoffs"])
  func energiesMoveAndForcesStay(model: String) throws {
    let plain = try Fixture.potential(model)
    let shifts = Dictionary(
      uniqueKeysWithValues: plain.header.species.enumerated().map {
        ($0.element, -3.7 * Double($0.offset + 1))
      })
    let moved = try shifted(model, shifts)
    #expect(moved.header.neurons == plain.header.neurons + 1)
    for row in try GoldenValues(model).structures {
      let structure = try row.structure()
      let (before, after) = (try plain.evaluate(structure), try moved.evaluate(structure))
      for (atom, element) in structure.species.enumerated() {
        let found = after.energies![atom] - before.energies![atom]
        #expect(abs(found - shifts[element]!) < 1e-12)
      }
      #expect(after.forces == before.forces && after.stress == before.stress)
      let single = try SinglePrecisionNEP(moved).evaluate(structure)
      #expect(abs(single.energy - after.energy) < 1e-5 * Double(structure.count))
    }
  }

  @Test func whatHasNoPlaceForItIsRefused() throws {
    #expect(throws: PotentialsError.self) {
      try shifted("nep3", [Element("Li")!: 1])
    }
    #expect(throws: PotentialsError.self) {
      try shifted("nep4", [Element("U")!: 1])
    }
  }
}
