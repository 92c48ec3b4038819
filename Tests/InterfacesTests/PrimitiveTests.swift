import Atomistics
import Interfaces
import Testing

/// The choice of the metal's cell must not change which contacts there are.
@Suite struct PrimitiveTests {
  @Test func conventionalAndPrimitiveLithiumMakeTheSameContacts() throws {
    let film = try Crystals.data("Li6PS5Cl.extxyz")
    var settings = ContactSettings()
    settings.maximumArea = 150
    // The same planes: {110}, {100} and {111} of the cube are {100}, {110} (and more) of the
    // primitive cell, so the densest plane is compared.
    let fromCube = try CoherentInterface.candidates(
      electrolyte: film, metal: Crystals.lithium(), settings: settings)
    let fromPrimitive = try CoherentInterface.candidates(
      electrolyte: film, metal: Crystals.primitiveLithium(), settings: settings)
    func dense(_ candidates: [ContactCandidate]) -> Set<Int> {
      Set(
        candidates.filter { abs($0.metal.area - 3.44 * 3.44 / 2.0.squareRoot()) < 1e-6 }
          .map { Int(($0.match.vonMisesStrain * 1e7).rounded()) })
    }
    #expect(!dense(fromCube).isEmpty)
    #expect(dense(fromCube) == dense(fromPrimitive))
  }

  @Test func supercellOfTheElectrolyteMakesTheSameContacts() throws {
    let film = try Crystals.data("Li6PS5Cl.extxyz")
    var settings = ContactSettings()
    settings.maximumArea = 120
    settings.maximumAtoms = 600
    let metal = try Crystals.lithium()
    let one = try CoherentInterface.candidates(
      electrolyte: film, metal: metal, settings: settings)
    let doubled = try CoherentInterface.candidates(
      electrolyte: film.supercell(2, 2, 2), metal: metal, settings: settings)
    #expect(one.count == doubled.count)
    #expect(
      zip(one, doubled).allSatisfy {
        abs($0.match.vonMisesStrain - $1.match.vonMisesStrain) < 1e-6 && $0.atoms == $1.atoms
      })
  }
}
