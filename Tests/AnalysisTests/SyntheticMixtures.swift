import Analysis
import Atomistics

/// Crystals of which a synthetic mixture is made: where Li is around a Cl.
enum SyntheticPhase: CaseIterable {
  /// Rock salt, 5.1 Å.
  case rockSalt
  /// Zinc blende, 5.8 Å.
  case zincBlende
  /// Caesium chloride, 3.7 Å.
  case caesiumChloride
  /// No order: nothing nearer than 2.2 Å, beyond as dense as rock salt.
  case disordered

  /// Places around a centre out to `reach` (Å), drawn where the phase has no order.
  func places(within reach: Double, _ generator: inout RandomGenerator) -> [Vector3] {
    let volume = 4 * Double.pi / 3 * reach * reach * reach
    if case .disordered = self {
      return (0..<Int(volume * 4 / 132.65)).map { _ in
        Vector3(generator.gaussian(), generator.gaussian(), generator.gaussian()).normalized
          * power(generator.uniform(), 1.0 / 3) * reach
      }.filter { $0.length > 2.2 }
    }
    let (edge, basis) = crystal
    let cells = Int((reach / edge).rounded(.up)) + 1
    var places: [Vector3] = []
    for x in -cells...cells {
      for y in -cells...cells {
        for z in -cells...cells {
          for site in basis {
            let place = (Vector3(Double(x), Double(y), Double(z)) + site) * edge
            if place.length < reach { places.append(place) }
          }
        }
      }
    }
    return places
  }

  /// Li of a cubic cell with Cl at the origin.
  private var crystal: (edge: Double, basis: [Vector3]) {
    let faces = [.zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]
    return switch self {
    case .rockSalt: (5.1, faces.map { $0 + Vector3(0.5, 0.5, 0.5) })
    case .zincBlende: (5.8, faces.map { $0 + Vector3(0.25, 0.25, 0.25) })
    case .caesiumChloride: (3.7, [Vector3(0.5, 0.5, 0.5)])
    case .disordered: (1, [])
    }
  }
}

extension Vector3 {
  fileprivate var normalized: Vector3 { self / length }
}

/// Cl atoms far from one another, each in a piece of a phase of its own: a share of centres in each
/// phase that is known to the atom.
func syntheticMixture(
  _ phases: [SyntheticPhase], frames: Int, _ generator: inout RandomGenerator
) -> [Frame] {
  let (reach, spacing, staticWidth, thermalWidth) = (8.0, 20.0, 0.1, 0.2)
  func jolt(_ width: Double) -> Vector3 {
    Vector3(generator.gaussian(), generator.gaussian(), generator.gaussian()) * width
  }
  var (species, sites): ([Element], [Vector3]) = ([], [])
  for (index, phase) in phases.enumerated() {
    let center = Vector3(spacing * Double(index), 0, 0)
    species.append(chlorine)
    sites.append(center)
    for place in phase.places(within: reach, &generator) {
      species.append(lithium)
      sites.append(center + place + jolt(staticWidth))
    }
  }
  let lattice = orthorhombic(spacing * Double(phases.count), 20, 20)
  return (0..<frames).map { frame in
    Frame(
      structure: Structure(
        lattice: lattice, species: species, positions: sites.map { $0 + jolt(thermalWidth) }),
      time: 100 * Double(frame))
  }
}
