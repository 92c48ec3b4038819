extension Cluster {
  /// How a person writes a cluster.
  public static let grammar = "NAME: CENTRE-LIGANDn, LENGTH Å, CHARGE"

  /// Reads a cluster of one centre with like ligands: `NO3: N-O3, 1.25 Å, -1`.
  ///
  /// The cut-offs are 1.2 and 1.4 times the bond length.
  ///
  ///     cluster := name ':' element '-' element count? ',' length unit ',' charge
  ///
  /// - Throws: `AtomisticsError.badCluster`.
  public init(parsing text: String) throws {
    func bad(_ reason: String) -> AtomisticsError { .badCluster(text, reason: reason) }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false).map(Self.trimmed)
    guard halves.count == 2, !halves[0].isEmpty else {
      throw bad("it needs one name, then ':'")
    }
    guard halves[0].allSatisfy({ $0.isLetter || $0.isNumber || "_()".contains($0) }) else {
      throw bad("the name '\(halves[0])' has other characters than letters and digits")
    }
    let parts = halves[1].split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
    guard parts.count == 3 else {
      throw bad(
        "after the name come three parts with commas between: the bonds, their length, the "
          + "charge")
    }
    let (center, ligand, count) = try Self.star(parts[0], bad)
    let length: Double
    do { length = try Quantity.length(parts[1]) } catch {
      throw bad("'\(parts[1])' is not a length with Å")
    }
    guard length > 0.5, length < 4 else {
      throw bad("a bond of \(length) Å; expected between 0.5 and 4 Å")
    }
    let charge = try Self.charge(parts[2], bad)
    self.init(
      name: halves[0], center: center, ligand: ligand, ligandCount: count, charge: charge,
      bondLength: length, innerCutoff: 1.2 * length, outerCutoff: 1.4 * length)
  }

  /// `N-O3`: one centre, ligands of one kind.
  private static func star(
    _ text: String, _ bad: (String) -> AtomisticsError
  ) throws -> (Element, Element, Int) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(trimmed)
    guard ends.count == 2 else {
      throw bad(
        "'\(text)' is not one centre with ligands of one kind (such as N-O3); a unit of another "
          + "shape is described bond by bond, one --cluster for each kind of bond")
    }
    let digits = ends[1].reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
    let symbol = String(ends[1].dropLast(digits.count))
    guard let center = Element(ends[0]) else { throw bad("'\(ends[0])' is not an element") }
    guard let ligand = Element(symbol) else { throw bad("'\(symbol)' is not an element") }
    let count = digits.isEmpty ? 1 : Int(String(digits)) ?? 0
    guard (1...12).contains(count) else {
      throw bad("\(String(digits)) ligands; expected 1 to 12")
    }
    guard center != ligand else {
      throw bad("centre and ligand are both \(center); expected two elements")
    }
    return (center, ligand, count)
  }

  /// `-1`, `+2`, `0`, `3-` and with a true minus sign.
  private static func charge(
    _ text: String, _ bad: (String) -> AtomisticsError
  ) throws -> Int {
    var plain = String(text.map { $0 == "−" || $0 == "–" ? "-" : $0 })
    if let sign = plain.last, "+-".contains(sign) { plain = String(sign) + plain.dropLast() }
    guard let charge = Int(plain), abs(charge) <= 12 else {
      throw bad("'\(text)' is not a charge such as -1")
    }
    return charge
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }

  /// The known clusters and a person's own; one with the name, or the bond, of a known one takes its
  /// place.
  ///
  /// - Throws: `AtomisticsError.badCluster` where two of a person's own have one name or bond.
  public static func known(and own: [Cluster]) throws -> [Cluster] {
    for (index, cluster) in own.enumerated() {
      for other in own[..<index] where cluster.isInPlaceOf(other) {
        throw AtomisticsError.badCluster(
          cluster.description,
          reason: "'\(other.name)' has the same name or the same bond; give each once")
      }
    }
    return known.filter { old in !own.contains { $0.isInPlaceOf(old) } } + own
  }

  private func isInPlaceOf(_ other: Cluster) -> Bool {
    name == other.name || (center == other.center && ligand == other.ligand)
  }

  /// Checks that a crystal holds whole clusters of this kind.
  ///
  /// - Throws: `AtomisticsError.badCluster` that tells what was found instead.
  public func requirePresence(in crystal: Structure) throws {
    var counts: [Int: Int] = [:]
    for bond in bonds(in: crystal) { counts[bond.center, default: 0] += 1 }
    guard !counts.values.contains(ligandCount) else { return }
    let found =
      counts.isEmpty
      ? "it has no \(center)-\(ligand) bond shorter than \(Self.text(innerCutoff)) Å"
      : "its \(center) atoms have "
        + Set(counts.values).sorted().map(String.init).joined(separator: " or ")
        + " \(ligand) within \(Self.text(innerCutoff)) Å, not \(ligandCount)"
    throw AtomisticsError.badCluster(
      description,
      reason: "the crystal \(crystal.composition.reduced.formula) does not hold it: \(found)")
  }

  private static func text(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
}

extension Cluster: CustomStringConvertible {
  /// In the grammar that `init(parsing:)` reads.
  public var description: String {
    let count = ligandCount == 1 ? "" : "\(ligandCount)"
    let sign = charge > 0 ? "+" : ""
    return "\(name): \(center)-\(ligand)\(count), \(bondLength) Å, \(sign)\(charge)"
  }
}
