import Atomistics
import FileFormats
import Testing

/// LAMMPS data files, held against LAMMPS and ASE by Fixtures/exchange/generate_exchange.py, which
/// reads the golden file here with both.
struct LAMMPSDataTests {
  @Test func theFileIsTheOneThatLAMMPSAndASERead() throws {
    let data = try LAMMPSData(ExchangeGolden.cell())
    #expect(data.text == (try ExchangeGolden.text("cell.data")))
    #expect(data.cell.isReversed)
    #expect(data.elements.map(\.symbol) == ["S", "Li", "P"])
  }

  /// Cells of both hands in general orientation.
  private func structures(_ count: Int) -> [Structure] {
    var random = RandomGenerator(seed: 11)
    func vector(_ size: Double) -> Vector3 {
      Vector3(random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5) * size
    }
    var structures = sampleStructures()
    while structures.count < count {
      let matrix = Matrix3(vector(16), vector(16), vector(16))
      guard abs(matrix.determinant) > 200 else { continue }
      let lattice = Lattice(matrix)
      let species = ["P", "Li", "Li", "S"].compactMap { Element($0) }
      structures.append(
        Structure(
          lattice: lattice, species: species, positions: species.map { _ in vector(30) },
          velocities: species.map { _ in vector(0.01) }))
    }
    return structures
  }

  @Test func everyCellTakesLAMMPSsFormWithoutAMirror() throws {
    var hands = (left: 0, right: 0)
    for (index, structure) in structures(200).enumerated() {
      let cell = LAMMPSCell(structure.lattice)
      let m = cell.lattice.matrix
      #expect(m[0].y == 0 && m[0].z == 0 && m[1].z == 0)
      #expect(m[0].x > 0 && m[1].y > 0 && m[2].z > 0)
      #expect(abs(cell.rotation.determinant - 1) < 1e-12)
      #expect((cell.rotation * cell.rotation.transpose - .identity).frobeniusNorm < 1e-12)
      #expect(abs(cell.lattice.volume / structure.volume - 1) < 1e-12)
      if cell.isReversed { hands.left += 1 } else { hands.right += 1 }
      // Another cell of the same lattice, the same atoms: distances and chirality stay.
      var turned = structure
      turned.lattice = cell.lattice
      turned.positions = structure.positions.map(cell.position)
      let (a, b) = (sortedDistances(turned), sortedDistances(structure))
      #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 })
      if index < sampleStructures().count {
        #expect(handedness(turned) == handedness(structure))
      }
      // The vectors are ours, turned, the third perhaps reversed: the lattice is the same one.
      let unturned = cell.lattice.matrix * cell.rotation.transpose
      let c = cell.isReversed ? -structure.lattice.c : structure.lattice.c
      let same = Matrix3(structure.lattice.a, structure.lattice.b, c)
      #expect((unturned - same).frobeniusNorm < 1e-12)
      // And back.
      let back = cell.original(lattice: cell.lattice)
      #expect((back.matrix - structure.lattice.matrix).frobeniusNorm < 1e-12)
      let positions = turned.positions.map { cell.original(position: $0, in: cell.lattice) }
      #expect(largestDifference(positions, structure.positions) < 1e-12)
    }
    #expect(hands.left > 50 && hands.right > 50)
  }

  @Test func whatIsLAMMPSsAlreadyKeepsItsBits() throws {
    let lattice = Lattice(Vector3(4.1, 0, 0), Vector3(-1.3, 5.2, 0), Vector3(0.7, 0.3, 6.1))
    let cell = LAMMPSCell(lattice)
    #expect(cell.isIdentity && cell.lattice == lattice)
    let position = Vector3(0.1, 1.0 / 3, 17)
    #expect(cell.position(position) == position)
  }

  /// The file, read by a few lines here, leads back to the structure through the image flags.
  @Test func positionsImagesAndVelocitiesLeadBack() throws {
    for structure in structures(60) {
      let data = try LAMMPSData(structure)
      let lines = data.text.split(separator: "\n").map { $0.split(separator: " ") }
      let atoms = lines.filter { $0.count == 8 && Int($0[0]) != nil }
      #expect(atoms.count == structure.count)
      for (k, row) in atoms.enumerated() {
        let numbers = row.compactMap { Double($0) }
        #expect(Int(numbers[0]) == k + 1)
        #expect(data.elements[Int(numbers[1]) - 1] == structure.species[k])
        let x = Vector3(numbers[2], numbers[3], numbers[4])
        let s = data.cell.lattice.fractional(x)
        #expect(s.min() > -1e-9 && s.max() < 1 + 1e-9)
        let images = Vector3(numbers[5], numbers[6], numbers[7])
        let back = data.cell.original(
          position: x + data.cell.lattice.cartesian(images), in: data.cell.lattice)
        #expect((back - structure.positions[k]).length < 1e-10)
      }
      guard let velocities = structure.velocities else { continue }
      let rows = lines.filter { $0.count == 4 && Int($0[0]) != nil }
      for (row, velocity) in zip(rows.suffix(structure.count), velocities) {
        let numbers = row.compactMap { Double($0) }
        let v = Vector3(numbers[1], numbers[2], numbers[3]) / 1000
        #expect((data.cell.original(vector: v) - velocity).length < 1e-14)
      }
    }
  }

  @Test func openAxes() throws {
    var slab = sampleStructures()[0]
    slab.periodic = [true, true, false]
    slab.positions[0].z = -2
    slab.positions[1].z = 9
    let text = try LAMMPSData(slab).text
    #expect(text.contains("\n-2.0 9.0 zlo zhi\n"))
    var skewed = slab
    skewed.lattice = Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(1, 0, 9))
    #expect { try LAMMPSData(skewed) } throws: { "\($0)".contains("skewed along c") }
    skewed.periodic = [false, true, true]
    #expect { try LAMMPSData(skewed) } throws: { "\($0)".contains("skewed along a") }
    skewed.periodic = [true, false, true]
    #expect(try !LAMMPSData(skewed).isTiltedFar)
    skewed.lattice = Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(2.6, 0, 9))
    #expect(try LAMMPSData(skewed).isTiltedFar)
  }
}
