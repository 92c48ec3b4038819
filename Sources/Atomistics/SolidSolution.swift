/// A crystal in which atoms of one element are replaced at random, its charge kept by ions that
/// leave or are added.
///
/// n_p = round(share · sites) of the host's atoms become each element. With formal charges q
/// (`FormalCharges`; those of the new elements as anions or cations usually have them) that leaves
///
///     ΔQ = Σ_p n_p (q_p − q_host)
///
/// and ΔQ / q_ion of the compensating ions leave (ΔQ > 0 for a cation) at random, or are added, one
/// after the other, where the largest void is. Li2S with S: 0.12 P, 0.12 Cl keeps its Li; with P alone
/// it gains one a P. A solid solution has no single fingerprint: draw several.
public struct SolidSolution: Sendable {
  public let structure: Structure
  /// How many atoms of each element took a host's place.
  public let replaced: [Element: Int]
  /// Compensating ions added, negative where they left.
  public let added: Int

  /// - Parameters:
  ///   - crystal: as large as the solution is to be.
  ///   - ion: what keeps the charge.
  /// - Throws: `AtomisticsError.badSubstitution` where the crystal lacks the host or the ion, is too
  ///   small to hold a single substituent, or no whole number of ions keeps its charge;
  ///   `.badCharges` where it has no formal charges.
  public init(
    _ crystal: Structure, _ substitution: Substitution, compensatedBy ion: Element,
    _ generator: inout RandomGenerator
  ) throws {
    func bad(_ reason: String) -> AtomisticsError {
      .badSubstitution(substitution.description, reason: reason)
    }
    let formula = crystal.composition.reduced.formula
    let hosts = crystal.species.indices.filter { crystal.species[$0] == substitution.host }
    guard !hosts.isEmpty else { throw bad("\(formula) holds no \(substitution.host)") }
    var order = hosts
    for index in order.indices.reversed() {
      order.swapAt(index, Int(generator.uniform() * Double(index + 1)))
    }
    let charges = try FormalCharges(of: crystal).values
    var species = crystal.species
    var counts: [Element: Int] = [:]
    var gain = 0.0
    for part in substitution.parts {
      let count = Int((part.share * Double(hosts.count)).rounded())
      guard count > 0 else {
        throw bad(
          "\(hosts.count) sites of \(substitution.host) are too few for a share of \(part.share); "
            + "take a larger cell")
      }
      guard let charge = FormalCharges.usual(part.element) else {
        throw bad("no usual charge of \(part.element) is known")
      }
      for atom in order.prefix(count) {
        gain += charge - charges[atom]
        species[atom] = part.element
      }
      order.removeFirst(min(count, order.count))
      counts[part.element] = count
    }
    let ions = species.indices.filter { species[$0] == ion }
    guard let each = ions.first.map({ charges[$0] }), abs(each) > 1e-6 else {
      throw bad("\(formula) holds no \(ion) with a charge")
    }
    let missing = -gain / each
    guard abs(missing - missing.rounded()) < 1e-6, missing > -Double(ions.count) else {
      throw bad("no number of \(ion) keeps the charge (\(gain) e in all, \(each) e each)")
    }
    added = Int(missing.rounded())
    replaced = counts
    var mixed = Structure(
      lattice: crystal.lattice, species: species, positions: crystal.positions,
      periodic: crystal.periodic)
    if added < 0 {
      var leaving = ions
      for index in leaving.indices.reversed() {
        leaving.swapAt(index, Int(generator.uniform() * Double(index + 1)))
      }
      let gone = Set(leaving.prefix(-added))
      mixed = mixed.selecting(mixed.species.indices.filter { !gone.contains($0) })
    }
    for _ in 0..<max(0, added) {
      mixed = Structure(
        lattice: mixed.lattice, species: mixed.species + [ion],
        positions: mixed.positions + [mixed.largestVoid()], periodic: mixed.periodic)
    }
    structure = mixed
  }
}

extension Structure {
  /// The place farthest from all atoms, on a grid of about 0.25 Å.
  func largestVoid() -> Vector3 {
    let lengths = lattice.lengths
    let counts = [lengths.x, lengths.y, lengths.z].map { max(4, Int(($0 / 0.25).rounded(.up))) }
    // Atoms and those images that can be nearest to a point of the cell.
    let images = positions.flatMap { position -> [Vector3] in
      let s = lattice.fractional(position)
      let inside = s - Vector3(s.x.rounded(.down), s.y.rounded(.down), s.z.rounded(.down))
      return (-1...1).flatMap { x in
        (-1...1).flatMap { y in
          (-1...1).map { z in
            lattice.cartesian(inside + Vector3(Double(x), Double(y), Double(z)))
          }
        }
      }
    }
    var best = (place: Vector3.zero, distance: -1.0)
    for x in 0..<counts[0] {
      for y in 0..<counts[1] {
        for z in 0..<counts[2] {
          let place = lattice.cartesian(
            Vector3(
              Double(x) / Double(counts[0]), Double(y) / Double(counts[1]),
              Double(z) / Double(counts[2])))
          var nearest = Double.infinity
          for image in images {
            nearest = min(nearest, (image - place).lengthSquared)
            // This one is not it, however far the others are.
            if nearest <= best.distance { break }
          }
          if nearest > best.distance { best = (place, nearest) }
        }
      }
    }
    return best.place
  }
}
