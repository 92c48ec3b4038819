import Atomistics

/// A cluster or an atom at the surface of a cut crystal, heights along the outward normal.
struct SurfaceGroup {
  /// Of what lies on the crystal's side of the cut.
  let elements: [Element]
  let heights: [Double]
  /// How many atoms the whole cluster has.
  let wholeCount: Int
  /// The cluster, if the group is one centre with its ligands, the centre first.
  let cluster: Cluster?

  var top: Double { heights.max() ?? -.infinity }
  var isSingle: Bool { wholeCount == 1 }
  private var isCut: Bool { elements.count < wholeCount }

  /// "BH4 with two H", "CN flat", "BH3 cut from a cluster", "Li".
  var name: String {
    guard !isSingle else { return elements[0].symbol }
    guard !isCut else { return "\(formula) of a cut cluster" }
    guard let cluster else { return shown(by: formula, reach: 0.6, heights) }
    let ligands = Array(heights.dropFirst())
    let highest = ligands.max() ?? 0
    let length = cluster.bondLength
    if ligands.count == 1 {
      let rise = highest - heights[0]
      // Half a bond length is a tilt of 30° out of the plane.
      guard abs(rise) > 0.5 * length else { return "\(cluster.name) flat" }
      return "\(cluster.name) by \(rise > 0 ? cluster.ligand : cluster.center)"
    }
    if heights[0] > highest + 0.25 * length { return "\(cluster.name) by \(cluster.center)" }
    let count = ligands.filter { highest - $0 <= 0.6 * length }.count
    let lowest = ligands.min() ?? 0
    if count == ligands.count, heights[0] >= lowest - 0.25 * length {
      return "\(cluster.name) flat"
    }
    return "\(cluster.name) with \(Self.word(count)) \(cluster.ligand)"
  }

  /// A unit of another shape, by its outermost atoms.
  private func shown(by name: String, reach: Double, _ heights: [Double]) -> String {
    let outer = zip(elements, heights).filter { top - $0.1 <= reach }.map(\.0)
    let parts = Set(outer).sorted().map { element in
      "\(Self.word(outer.filter { $0 == element }.count)) \(element)"
    }
    return "\(name) with \(parts.joined(separator: " and "))"
  }

  private var formula: String {
    var counts: [Element: Double] = [:]
    for element in elements { counts[element, default: 0] += 1 }
    return Composition(
      counts.sorted {
        ($0.key.electronegativity ?? 9, $0.key) < ($1.key.electronegativity ?? 9, $1.key)
      }.map { ($0.key, $0.value) }
    ).formula
  }

  private static func word(_ n: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six"]
    return n < words.count ? words[n] : "\(n)"
  }

  /// The outermost copy of every cluster and atom of the crystal below a face, and those that the cut
  /// goes through.
  static func all(of termination: Termination) -> [SurfaceGroup] {
    let cell = termination.cell
    let crystal = cell.crystal
    let side = Side(termination)
    return crystal.wholeGroups.flatMap { group -> [SurfaceGroup] in
      let cluster = Self.cluster(of: group, in: crystal)
      let heights = group.members.map {
        side.height(crystal.primitive.positions[$0.atom] + $0.shift)
      }
      // Where the atoms, or in whole clusters their centre, must lie below the cut.
      let placed =
        crystal.cutsClusters
        ? heights : Array(repeating: side.height(group.anchor), count: heights.count)
      func copy(_ steps: Double) -> SurfaceGroup? {
        let kept = placed.indices.filter { placed[$0] + steps * side.spacing < side.cut }
        guard !kept.isEmpty else { return nil }
        return SurfaceGroup(
          elements: kept.map { crystal.primitive.species[group.members[$0].atom] },
          heights: kept.map { heights[$0] + steps * side.spacing },
          wholeCount: group.members.count, cluster: cluster)
      }
      let lowest = placed.min() ?? 0
      var steps = ((side.cut - lowest) / side.spacing).rounded(.up)
      var found: [SurfaceGroup] = []
      while found.last.map(\.isCut) ?? true {
        if let group = copy(steps) { found.append(group) }
        steps -= 1
      }
      return found
    }
  }

  /// The atoms of the outermost plane, heights linked by steps of at most 0.25 Å.
  static func outermostPlane(of termination: Termination) -> [Element: Int] {
    let cell = termination.cell
    let side = Side(termination)
    var atoms: [(height: Double, element: Element)] = []
    for unit in cell.units {
      let anchor = side.sign * unit.anchor.z
      // The highest copy with its anchor below the cut, and those down to 3 Å below it.
      let first = ((side.cut - anchor) / side.spacing).rounded(.up) - 1
      for copy in 0...Int((3 / side.spacing).rounded(.up)) {
        let base = anchor + (first - Double(copy)) * side.spacing
        for (element, offset) in zip(unit.species, unit.offsets) {
          atoms.append((base + side.sign * offset.z, element))
        }
      }
    }
    atoms.sort { $0.height > $1.height }
    var counts: [Element: Int] = [:]
    var last = atoms.first?.height ?? 0
    for atom in atoms {
      guard last - atom.height <= 0.25 else { break }
      counts[atom.element, default: 0] += 1
      last = atom.height
    }
    return counts
  }

  /// The description of a group that is one centre with all of a cluster's ligands.
  private static func cluster(of group: AtomGroup, in crystal: CleavableCrystal) -> Cluster? {
    let species = group.members.map { crystal.primitive.species[$0.atom] }
    return crystal.clusters.first { cluster in
      species.count == cluster.ligandCount + 1 && species[0] == cluster.center
        && species.dropFirst().allSatisfy { $0 == cluster.ligand }
    }
  }

  /// Outward heights of a termination.
  private struct Side {
    let sign: Double
    let cut: Double
    let spacing: Double
    private let normal: Vector3

    init(_ termination: Termination) {
      sign = termination.isUpper ? 1 : -1
      cut = sign * termination.cut
      spacing = termination.cell.spacing
      let columns = termination.cell.turn.transpose
      normal = sign * columns[2]
    }

    func height(_ r: Vector3) -> Double { r.dot(normal) }
  }
}
