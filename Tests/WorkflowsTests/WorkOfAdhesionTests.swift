import Atomistics
import Dynamics
import Potentials
import Testing
import Workflows

/// The work of adhesion against sums over the pairs across the plane.
@Suite struct WorkOfAdhesionTests {
  private let lithium = Element("Li")!
  private let potassium = Element("K")!
  private var potential: LennardJones {
    LennardJones(
      [
        Element("Li")!: .init(epsilon: 0.2, sigma: 2.6),
        Element("K")!: .init(epsilon: 0.05, sigma: 3.1),
      ], cutoff: 7)
  }

  /// Two half crystals, face-centred by their square faces, `gap` (Å) apart.
  private func contact(
    gap: Double, vacuum: Double?, upper: String = "K", cells: Int = 2, shift: Double = 0.3
  ) -> Structure {
    let a = 3.0
    let step = a / 2.0.squareRoot()
    let layers = 5
    var species: [Element] = []
    var positions: [Vector3] = []
    var regions: [Region] = []
    func add(_ element: Element, from z: Double, _ region: Region, by offset: Double) {
      for layer in 0..<layers {
        for i in 0..<cells {
          for j in 0..<cells {
            let half = layer % 2 == 0 ? 0 : a / 2
            species.append(element)
            regions.append(region)
            positions.append(
              Vector3(
                Double(i) * a + half + offset, Double(j) * a + half, z + Double(layer) * step))
          }
        }
      }
    }
    let thickness = Double(layers - 1) * step
    add(lithium, from: 0, .metal, by: 0)
    add(Element(upper)!, from: thickness + gap, .electrolyte, by: shift)
    let height = 2 * thickness + gap + (vacuum ?? gap)
    return Structure(
      lattice: Lattice(
        Vector3(Double(cells) * a, 0, 0), Vector3(0, Double(cells) * a, 0), Vector3(0, 0, height)),
      species: species, positions: positions, regions: regions)
  }

  /// −Σ U(r) over the pairs from metal to electrolyte, per area and contact.
  private func closedForm(_ structure: Structure, contacts: Int) -> Double {
    let list = NeighborList(structure, cutoff: potential.cutoff)
    var sum = 0.0
    for i in 0..<structure.count where structure.regions?[i] == .metal {
      for pair in list.pairs(of: i) {
        let j = Int(list.neighbors[pair])
        guard structure.regions?[j] == .electrolyte else { continue }
        sum -= potential.pairEnergy(
          structure.species[i], structure.species[j],
          at: list.vector(pair, from: i, in: structure).length)
      }
    }
    return sum / (structure.lattice.a.cross(structure.lattice.b).length * Double(contacts))
  }

  @Test(arguments: [2.6, 3.0, 4.2, 8.0]) func isTheSumOverPairsAcrossThePlane(gap: Double) throws {
    for (vacuum, contacts) in [(13.0, 1), (nil, 2)] as [(Double?, Int)] {
      let structure = contact(gap: gap, vacuum: vacuum)
      let work = try WorkOfAdhesion(of: structure, contacts: contacts, calculator: potential)
      #expect(abs(work.rigid - closedForm(structure, contacts: contacts)) < 1e-11)
      #expect(work.relaxed == nil && work.converged && work.contacts == contacts)
      // The nearest pairs repel at 2.6 Å; at 8 Å nothing is within the range.
      switch gap {
      case 8: #expect(abs(work.rigid) < 1e-12)
      case 2.6: #expect(work.rigid < 0)
      default: #expect(work.rigid > 0.001)
      }
    }
  }

  @Test func doesNotDependOnCellOrOrientation() throws {
    let small = contact(gap: 2.9, vacuum: 15)
    let work = try WorkOfAdhesion(of: small, contacts: 1, calculator: potential).rigid
    let large = try WorkOfAdhesion(
      of: small.supercell(2, 1, 1), contacts: 1, calculator: potential
    ).rigid
    #expect(abs(work - large) < 1e-11)
    let reversed = small.selecting(Array((0..<small.count).reversed()))
    let other = try WorkOfAdhesion(of: reversed, contacts: 1, calculator: potential).rigid
    #expect(abs(work - other) < 1e-11)
    // Turned in space, c along x.
    var turned = small
    func cycled(_ v: Vector3) -> Vector3 { Vector3(v.z, v.x, v.y) }
    turned.positions = small.positions.map(cycled)
    turned.lattice = Lattice(
      cycled(small.lattice.a), cycled(small.lattice.b), cycled(small.lattice.c))
    let third = try WorkOfAdhesion(of: turned, contacts: 1, calculator: potential).rigid
    #expect(abs(work - third) < 1e-11)
    // A wider vacuum changes nothing.
    let wide = contact(gap: 2.9, vacuum: 30)
    let fourth = try WorkOfAdhesion(of: wide, contacts: 1, calculator: potential).rigid
    #expect(abs(work - fourth) < 1e-11)
  }

  /// Both contacts of a symmetric double one are the same, and the same as with a vacuum.
  @Test func aDoubleContactIsTheMeanOfTwo() throws {
    let double = try WorkOfAdhesion(
      of: contact(gap: 3, vacuum: nil, shift: 0), contacts: 2, calculator: potential)
    let single = try WorkOfAdhesion(
      of: contact(gap: 3, vacuum: 14, shift: 0), contacts: 1, calculator: potential)
    #expect(abs(double.rigid - single.rigid) < 1e-3 * single.rigid)
  }

  @Test func relaxationGainsInTheContact() throws {
    let structure = contact(gap: 3.4, vacuum: 14, upper: "Li", cells: 2, shift: 1.5)
    var relaxation = Relaxation()
    relaxation.largestForce = 1e-3
    relaxation.mostSteps = 2000
    let work = try WorkOfAdhesion(
      of: structure, contacts: 1, calculator: potential, relaxation: relaxation)
    let relaxed = try #require(work.relaxed)
    #expect(work.converged && relaxed.isFinite)
    // Each side's energy falls, and E_contact falls at least as far below as rigid adhesion says.
    let slabs = try Region.allCases.map { region in
      let part = structure.selecting(
        structure.regions!.indices.filter { structure.regions![$0] == region })
      return try relaxation.relax(part, with: potential).energy
    }
    let whole = try relaxation.relax(structure, with: potential).energy
    #expect(abs(relaxed - (slabs[0] + slabs[1] - whole) / work.area) < 1e-9)
    #expect(work.relaxedContact?.regions == structure.regions)
  }

  @Test func whatIsNoContactIsRefused() throws {
    let good = contact(gap: 3, vacuum: 14)
    func message(_ structure: Structure) -> String {
      do {
        _ = try WorkOfAdhesion(of: structure, contacts: 1, calculator: potential)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message(contact(gap: 3, vacuum: 6.5)).contains("--vacuum"))
    var bare = good
    bare.regions = nil
    #expect(message(bare).contains("no atom is of the electrolyte"))
    var oblique = good
    oblique.lattice = Lattice(
      good.lattice.a, good.lattice.b, good.lattice.c + Vector3(1, 0, 0))
    #expect(message(oblique).contains("normal"))
    #expect(throws: WorkflowsError.self) {
      try WorkOfAdhesion(of: good, contacts: 1, calculator: potential) { _ in
      } shouldStop: {
        true
      }
    }
  }
}
