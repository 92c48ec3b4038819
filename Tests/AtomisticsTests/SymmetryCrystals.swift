import Atomistics

/// Crystals of known space group, for tests of symmetry.
enum SymmetryCrystals {
  static func element(_ symbol: String) -> Element { Element(symbol)! }

  static func cubic(_ a: Double, _ sites: [(String, Vector3)]) -> Structure {
    Structure(
      lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
      species: sites.map { element($0.0) }, fractional: sites.map(\.1))
  }

  private static let faces = [
    Vector3(0, 0, 0), Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0),
  ]

  /// NaCl, Fm-3m (225).
  static let rockSalt = cubic(
    5.64, faces.flatMap { [("Na", $0), ("Cl", $0 + Vector3(0.5, 0.5, 0.5))] })

  /// ZnS, F-43m (216): achiral without a centre of inversion.
  static let zincBlende = cubic(
    5.41, faces.flatMap { [("Zn", $0), ("S", $0 + Vector3(0.25, 0.25, 0.25))] })

  /// A hexagonal close packing, P6_3/mmc (194).
  static let hexagonal = Structure(
    lattice: Lattice(a: 3.2, b: 3.2, c: 5.2, alpha: 90, beta: 90, gamma: 120),
    species: [element("Mg"), element("Mg")],
    fractional: [Vector3(1.0 / 3, 2.0 / 3, 0.25), Vector3(2.0 / 3, 1.0 / 3, 0.75)])

  /// Quartz-like SiO2, P3_1 21 (152), or its mirror image P3_2 21 (154).
  static func quartz(mirrored: Bool = false) -> Structure {
    let (u, x, y, z) = (0.4697, 0.4133, 0.2672, 0.2144)
    var sites: [(String, Vector3)] = [
      ("Si", Vector3(u, 0, 1.0 / 3)), ("Si", Vector3(0, u, 2.0 / 3)), ("Si", Vector3(-u, -u, 0)),
    ]
    let third = 1.0 / 3
    sites += [
      Vector3(x, y, z), Vector3(-y, x - y, z + third), Vector3(y - x, -x, z + 2 * third),
      Vector3(y, x, -z), Vector3(x - y, -y, -z + 2 * third), Vector3(-x, y - x, -z + third),
    ].map { ("O", Vector3($0.x, $0.y, $0.z)) }
    // With z -> −z the screws turn the other way.
    let hand = mirrored ? -1.0 : 1.0
    return Structure(
      lattice: Lattice(a: 4.916, b: 4.916, c: 5.405, alpha: 90, beta: 90, gamma: 120),
      species: sites.map { element($0.0) },
      fractional: sites.map { Vector3($0.1.x, $0.1.y, hand * $0.1.z) })
  }

  /// P2_1/c (14), unique axis b, two elements in general positions.
  static let monoclinic: Structure = {
    let lattice = Lattice(a: 5.1, b: 6.3, c: 7.2, alpha: 90, beta: 102, gamma: 90)
    let seeds = [("Li", Vector3(0.13, 0.22, 0.31)), ("S", Vector3(0.61, 0.07, 0.42))]
    let sites = seeds.flatMap { name, r in
      [
        r, Vector3(-r.x, r.y + 0.5, 0.5 - r.z), -r, Vector3(r.x, 0.5 - r.y, r.z + 0.5),
      ].map { (name, $0) }
    }
    return Structure(
      lattice: lattice, species: sites.map { element($0.0) }, fractional: sites.map(\.1))
  }()

  /// P1 (1): four unlike atoms in a triclinic cell.
  static let triclinic = Structure(
    lattice: Lattice(a: 4.3, b: 5.2, c: 6.1, alpha: 81, beta: 97, gamma: 106),
    species: ["Li", "Na", "Cl", "F"].map(element),
    fractional: [
      Vector3(0.02, 0.05, 0.01), Vector3(0.55, 0.08, 0.27), Vector3(0.06, 0.53, 0.52),
      Vector3(0.57, 0.61, 0.77),
    ])

  /// Every crystal with its number, order of the point group and of its turns.
  static let all: [(name: String, crystal: Structure, number: Int, order: Int, turns: Int)] = [
    ("rock salt", rockSalt, 225, 48, 24), ("zinc blende", zincBlende, 216, 24, 12),
    ("hexagonal", hexagonal, 194, 24, 12), ("quartz", quartz(), 152, 6, 6),
    ("its mirror image", quartz(mirrored: true), 154, 6, 6),
    ("monoclinic", monoclinic, 14, 4, 2), ("triclinic", triclinic, 1, 1, 1),
  ]

  /// The crystal turned about an axis, moved, its atoms in another order.
  static func turned(_ crystal: Structure, seed: UInt64) -> Structure {
    var random = RandomGenerator(seed: seed)
    func angle() -> Double { 6.28 * random.uniform() }
    let (p, q) = (angle(), angle())
    let turn =
      Matrix3(
        Vector3(cosine(p), sine(p), 0), Vector3(-sine(p), cosine(p), 0), Vector3(0, 0, 1))
      * Matrix3(
        Vector3(1, 0, 0), Vector3(0, cosine(q), sine(q)), Vector3(0, -sine(q), cosine(q)))
    let shift = 5 * Vector3(random.uniform(), random.uniform(), random.uniform())
    let order = Array((0..<crystal.count).reversed())
    return Structure(
      lattice: Lattice(crystal.lattice.matrix * turn),
      species: order.map { crystal.species[$0] },
      positions: order.map { crystal.positions[$0] * turn + shift })
  }
}
