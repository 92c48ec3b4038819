import Atomistics

/// Made-up and textbook crystals for planes, slabs and terminations.
enum InterfaceCrystals {
  static func cell(_ lattice: Lattice, _ sites: [(String, Vector3)]) -> Structure {
    Structure(
      lattice: lattice, species: sites.map { Element($0.0)! }, fractional: sites.map(\.1))
  }

  static func cube(_ a: Double) -> Lattice {
    Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a))
  }

  private static let faces = [
    Vector3(0, 0, 0), Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0),
  ]

  static func rockSalt(_ a: Double = 5.64) -> Structure {
    cell(
      cube(a), faces.flatMap { [("Na", $0), ("Cl", $0 + Vector3(0.5, 0.5, 0.5))] })
  }

  static let zincBlende = cell(
    cube(5.41), faces.flatMap { [("Zn", $0), ("S", $0 + Vector3(0.25, 0.25, 0.25))] })

  /// Li2S: the fluorite structure with cation and anion exchanged.
  static func antifluorite(_ a: Double = 5.71) -> Structure {
    cell(
      cube(a),
      faces.flatMap {
        [
          ("S", $0), ("Li", $0 + Vector3(0.25, 0.25, 0.25)), ("Li", $0 - Vector3(0.25, 0.25, 0.25)),
        ]
      })
  }

  static let hexagonal = cell(
    Lattice(a: 3.2, b: 3.2, c: 5.2, alpha: 90, beta: 90, gamma: 120),
    [("Mg", Vector3(1.0 / 3, 2.0 / 3, 0.25)), ("Mg", Vector3(2.0 / 3, 1.0 / 3, 0.75))])

  /// P3_1 21, as LiBF4 has it.
  static let quartz: Structure = {
    let (u, x, y, z, third) = (0.4697, 0.4133, 0.2672, 0.2144, 1.0 / 3)
    var sites: [(String, Vector3)] = [
      ("Si", Vector3(u, 0, third)), ("Si", Vector3(0, u, 2 * third)), ("Si", Vector3(-u, -u, 0)),
    ]
    sites += [
      Vector3(x, y, z), Vector3(-y, x - y, z + third), Vector3(y - x, -x, z + 2 * third),
      Vector3(y, x, -z), Vector3(x - y, -y, -z + 2 * third), Vector3(-x, y - x, -z + third),
    ].map { ("O", $0) }
    return cell(Lattice(a: 4.916, b: 4.916, c: 5.405, alpha: 90, beta: 90, gamma: 120), sites)
  }()

  /// P2_1/c, unique axis b.
  static let monoclinic: Structure = {
    let seeds = [("Li", Vector3(0.13, 0.22, 0.31)), ("S", Vector3(0.61, 0.07, 0.42))]
    return cell(
      Lattice(a: 5.1, b: 6.3, c: 7.2, alpha: 90, beta: 102, gamma: 90),
      seeds.flatMap { name, r in
        [r, Vector3(-r.x, r.y + 0.5, 0.5 - r.z), -r, Vector3(r.x, 0.5 - r.y, r.z + 0.5)]
          .map { (name, $0) }
      })
  }()

  /// Turned about an axis, moved, the atoms in another order.
  static func turned(_ crystal: Structure, seed: UInt64) -> Structure {
    var random = RandomGenerator(seed: seed)
    let (p, q) = (6.28 * random.uniform(), 6.28 * random.uniform())
    let turn =
      Matrix3(Vector3(cosine(p), sine(p), 0), Vector3(-sine(p), cosine(p), 0), Vector3(0, 0, 1))
      * Matrix3(Vector3(1, 0, 0), Vector3(0, cosine(q), sine(q)), Vector3(0, -sine(q), cosine(q)))
    let shift = 5 * Vector3(random.uniform(), random.uniform(), random.uniform())
    let order = Array((0..<crystal.count).reversed())
    return Structure(
      lattice: Lattice(crystal.lattice.matrix * turn), species: order.map { crystal.species[$0] },
      positions: order.map { crystal.positions[$0] * turn + shift })
  }

  /// A tetrahedron's corners, along axes such that z is through a corner, an edge or a face.
  enum Pose: String, CaseIterable {
    case corner = "one"
    case edge = "two"
    case face = "three"
  }

  static func tetrahedron(_ pose: Pose) -> [Vector3] {
    let t = 1 / 3.0.squareRoot()
    let edge = [
      Vector3(t, t, t), Vector3(-t, -t, t), Vector3(t, -t, -t), Vector3(-t, t, -t),
    ]
    guard pose != .edge else { return edge }
    let s = 8.0.squareRoot() / 3
    let corner = [
      Vector3(0, 0, 1), Vector3(s, 0, -1.0 / 3),
      Vector3(-s / 2, s * 0.75.squareRoot(), -1.0 / 3),
      Vector3(-s / 2, -s * 0.75.squareRoot(), -1.0 / 3),
    ]
    return pose == .corner ? corner : corner.map { Vector3($0.x, -$0.y, -$0.z) }
  }
}
