import Atomistics
import Dynamics
import Potentials
import Testing

/// A triclinic cell whose c leans over, with or without repeats along it.
private func leaning(periodic: Bool = true) -> Structure {
  var structure = shakenMixture(seed: 8, by: 0.2).strained(
    by: Matrix3(Vector3(0.02, 0, 0), Vector3(0.03, -0.02, 0), Vector3(0.08, -0.05, 0.03)))
  if !periodic {
    structure.lattice = Lattice(
      structure.lattice.a, structure.lattice.b, 3 * structure.lattice.c)
    structure.periodic = [true, true, false]
  }
  return structure
}

private let targets = [
  StressTarget(pressure: 0), StressTarget(pressure: 0.01),
  StressTarget(voigt: [0.004, -0.01, 0.003, 0.002, -0.005, 0.006]),
]

@Suite struct DeformedCellTests {
  @Test(arguments: CellFreedom.allCases, [0, 1, 2])
  func forcesAreMinusTheGradientOfTheEnthalpy(freedom: CellFreedom, target: Int) throws {
    for periodic in [true, false] where periodic || freedom != .axis {
      var cell = DeformedCell(
        leaning(periodic: periodic), freedom: freedom, target: targets[target])
      let strains = cell.coordinates.count - 32
      #expect(strains == [.fixed: 0, .flexible: periodic ? 2 : 1][freedom, default: 1])
      // Away from the reference, where D and 1 are not the same.
      for k in 0..<strains { cell.coordinates[32 + k] += Vector3(0.6, -0.4, 0.5) }
      let forces = cell.forces(try rareGas.evaluate(cell.structure))
      let h = 1e-4
      for index in [0, 13, 31] + (0..<strains).map({ 32 + $0 }) {
        for axis in 0..<3 {
          var change = 0.0
          for sign in [1.0, -1.0] {
            var moved = cell
            moved.coordinates[index][axis] += sign * h
            change += sign * moved.enthalpy(try rareGas.evaluate(moved.structure))
          }
          #expect(abs(forces[index][axis] + change / (2 * h)) < 2e-8)
        }
      }
    }
  }

  @Test func eachFreedomKeepsWhatItPromises() throws {
    let start = leaning()
    func deformed(_ freedom: CellFreedom) -> (Structure, Matrix3) {
      var cell = DeformedCell(start, freedom: freedom)
      for k in 32..<cell.coordinates.count { cell.coordinates[k] += Vector3(0.7, 0.4, -0.5) }
      return (cell.structure, cell.deformation)
    }
    let (uniform, _) = deformed(.isotropic)
    #expect((uniform.lattice.angles - start.lattice.angles).length < 1e-10)
    let ratios = uniform.lattice.lengths / start.lattice.lengths
    #expect(abs(ratios.x - ratios.y) < 1e-13 && abs(ratios.x - ratios.z) < 1e-13 && ratios.x > 1.01)
    let (flat, _) = deformed(.plane)
    let normal = start.lattice.a.cross(start.lattice.b).normalized
    #expect(abs(flat.lattice.a.dot(normal)) < 1e-12 && abs(flat.lattice.b.dot(normal)) < 1e-12)
    #expect(abs((flat.lattice.c - start.lattice.c).dot(normal)) < 1e-12)
    #expect((flat.lattice.a - start.lattice.a).length > 0.1)
    let (tall, _) = deformed(.axis)
    #expect((tall.lattice.a - start.lattice.a).length < 1e-12)
    #expect((tall.lattice.b - start.lattice.b).length < 1e-12)
    #expect((tall.lattice.c - start.lattice.c).cross(normal).length < 1e-12)
    #expect((tall.lattice.c - start.lattice.c).dot(normal) > 0.1)
    // No freedom turns the cell.
    for freedom in CellFreedom.allCases {
      let (_, d) = deformed(freedom)
      #expect(d == d.transpose)
    }
  }

  @Test func uprightCellKeepsCInThePlane() throws {
    let start = argonCrystal(2)
    var cell = DeformedCell(start, freedom: .plane)
    cell.coordinates[32] += Vector3(0.5, -0.3, 0.4)
    #expect((cell.structure.lattice.c - start.lattice.c).length < 1e-13)
    #expect((cell.structure.lattice.a - start.lattice.a).length > 0.05)
  }
}
