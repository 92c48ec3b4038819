import Atomistics
import Dynamics
import Potentials

/// An electrolyte's cell with metal atoms at random places, molten and quenched: what a reaction
/// passes through, without knowing where it goes.
///
/// The cell grows, its clusters as bodies, by the volume of the metal, V = n (4π/3) R³/0.435 with R the
/// metal's covalent radius (20.2 Å³ for lithium, as in the metal), times a number between 0.95 and 1.1.
/// Metal atoms go to random places no nearer than `spacing` times the sum of covalent radii to any
/// other, less where there is no room. After a short relaxation the temperature is held at `melt`, falls in a
/// straight line to `end`, and is held there; frames are kept all the way.
///
/// | name | unit |
/// |---|---|
/// | `metalPerUnit`, metal atoms for each formula unit | - |
/// | `melt`, `end` | K |
/// | `meltTime`, `quenchTime`, `endTime` | fs |
struct ElectrolyteMixtures: SampleRecipe {
  var metal: Element
  var metalPerUnit: Int
  var number: Int
  var melt: Double
  var end: Double
  var meltTime: Double
  var quenchTime: Double
  var endTime: Double
  var dynamics: SampledDynamics
  var relaxation = SampledRelaxation(largestForce: 0.5, mostSteps: 100)
  var cell: SampleCell
  var clusters: [Cluster]
  var spacing = 0.9

  var kind: SampleKind { .mixtures }
  var variant: String { "+\(metalPerUnit)\(metal)/\(plain(melt))K/seed\(number)" }
  var usesCalculator: Bool { true }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) throws -> SampledFrames {
    guard let calculator else { return SampledFrames() }
    guard let mixed = mixture(of: source.structure, &random),
      let start = try relaxation.relax(mixed, with: calculator)
    else { return SampledFrames(remark: "no room for the metal") }
    let trajectory = "\(source.name)\(variant)"
    let times = [meltTime, meltTime + quenchTime, meltTime + quenchTime + endTime]
    let run = try dynamics.run(
      start,
      through: [
        .init(time: times[0], temperature: melt), .init(time: times[1], temperature: end),
        .init(time: times[2], temperature: end),
      ], keepingAfter: 0, with: calculator, random: random)
    return SampledFrames(
      frames: run.instants.map { $0.frame("mixture", trajectory) }, remark: run.end)
  }

  /// The mixture as it is before anything moves; nil where the metal finds no room.
  func mixture(of crystal: Structure, _ random: inout RandomGenerator) -> Structure? {
    let units = crystal.composition.formulaUnits
    let room = cell.maximumAtoms * crystal.count / (crystal.count + units * metalPerUnit)
    let start = crystal.roundestSupercell(maximumAtoms: max(room, crystal.count))
    let count = start.composition.formulaUnits * metalPerUnit
    let radius = metal.covalentRadius ?? 1.5
    let added = Double(count) * 4 * Double.pi / 3 * radius * radius * radius / 0.435
    let factor = 0.95 + 0.15 * random.uniform()
    let ratio = factor * (start.volume + added) / start.volume
    let stretch = exponential(naturalLogarithm(ratio) / 3) - 1
    let bodies = RigidCluster.all(in: start, of: clusters)
    let grown = start.strained(by: stretch * Matrix3.identity, keeping: bodies)
    return grown.adding(metal, count: count, spacing: spacing, &random)
  }
}

extension Composition {
  /// How many times the smallest whole formula is in it.
  var formulaUnits: Int {
    Int(
      (elements.map { self[$0] }.reduce(0, +)
        / reduced.elements.map { reduced[$0] }
        .reduce(0, +)).rounded())
  }
}

extension Structure {
  /// Atoms at random places, no nearer to others than a factor times the sum of covalent radii; the
  /// factor falls by a twentieth after every 500 places that were too near.
  ///
  /// - Returns: nil once it has fallen below 0.6.
  fileprivate func adding(
    _ element: Element, count: Int, spacing: Double, _ random: inout RandomGenerator
  ) -> Structure? {
    var (result, factor, failures) = (self, spacing, 0)
    while result.count < self.count + count {
      let (x, y, z) = (random.uniform(), random.uniform(), random.uniform())
      let place = lattice.cartesian(Vector3(x, y, z))
      if result.hasRoom(for: element, at: place, factor) {
        result.species.append(element)
        result.positions.append(place)
        continue
      }
      failures += 1
      if failures.isMultiple(of: 500) { factor *= 0.95 }
      guard factor >= 0.6 else { return nil }
    }
    return result
  }

  private func hasRoom(for element: Element, at place: Vector3, _ factor: Double) -> Bool {
    let radius = element.covalentRadius ?? 1.5
    return positions.indices.allSatisfy { other in
      var s = lattice.fractional(positions[other] - place)
      for k in 0..<3 where periodic[k] { s[k] -= s[k].rounded() }
      let required = factor * (radius + (species[other].covalentRadius ?? 1.5))
      return lattice.cartesian(s).length >= required
    }
  }
}
