import Atomistics

/// Contacts in the order in which they are worth running, each with its reasons, and a shortlist that
/// holds one of every kind of termination.
///
/// A contact has a concern for each of these:
///
/// 1. its face cuts bonds of clusters;
/// 2. its face is polar (Tasker's class III): the slab has a dipole that its atoms will screen;
/// 3. a side is under more stress than the paper's limit, where stresses are known.
///
/// Fewer concerns come first; then less stress, or less von Mises strain (of the side that is strained
/// more) where stresses are not known; then fewer broken bonds per area of the electrolyte's face;
/// then fewer atoms. What was only calculated after a contact was built, as its adhesion, changes no
/// place.
public struct ContactRanking: Sendable {
  /// A contact in its place.
  public struct Entry: Sendable {
    public let candidate: ContactCandidate
    public let kind: TerminationKind
    public let character: SurfaceCharacter
    /// Of the side under more of it, eV/Å³; nil where it is not known.
    public let stress: Double?
    public let concerns: [Concern]

    /// The outermost group of the electrolyte's face and its orientation: what kinds are told apart
    /// by.
    public var outermost: String { kind.groups[0] }
  }

  /// Why a contact stands behind others.
  public enum Concern: String, Sendable, Codable, CaseIterable {
    case cutsClusters = "cuts clusters"
    case polar
    case stress = "stress"
  }

  public let entries: [Entry]
  /// Kinds of termination with planes up to the largest index that no contact within the limits has.
  public let missingKinds: [String]

  /// - Parameters:
  ///   - candidates: least strain first.
  ///   - largestIndex: the largest Miller index among which they were looked for.
  ///   - stressLimit: eV/Å³.
  ///   - stress: of a contact, eV/Å³; nil where it is not known.
  public init(
    _ candidates: [ContactCandidate], upTo largestIndex: Int, stressLimit: Double,
    stress: (ContactCandidate) -> Double? = { _ in nil }
  ) {
    // Many contacts share a termination.
    var known: [TerminationPlace: (TerminationKind, SurfaceCharacter)] = [:]
    let entries = candidates.map { candidate in
      let place = TerminationPlace(candidate.termination)
      let (kind, character) =
        known[place] ?? (candidate.termination.kind, candidate.termination.character)
      known[place] = (kind, character)
      let stress = stress(candidate)
      return Entry(
        candidate: candidate, kind: kind, character: character, stress: stress,
        concerns: Concern.allCases.filter {
          switch $0 {
          case .cutsClusters: character.cutClusterBondsPerCell > 0
          case .polar: character.isPolar
          case .stress: (stress ?? 0) > stressLimit
          }
        })
    }
    let keys = entries.map(Self.key)
    self.entries = entries.indices.sorted {
      keys[$0] == keys[$1] ? $0 < $1 : keys[$0].lexicographicallyPrecedes(keys[$1])
    }.map { entries[$0] }
    let found = Set(entries.map(\.outermost))
    missingKinds =
      candidates.first.map { first in
        let all = (try? Termination.all(of: first.electrolyte.crystal, upTo: largestIndex)) ?? []
        return Set(all.joined().map { $0.kind.groups[0] }).subtracting(found).sorted()
      } ?? []
  }

  /// The first contact of each kind, in their order.
  public var shortlist: [Entry] {
    var seen: Set<String> = []
    return entries.filter { seen.insert($0.outermost).inserted }
  }

  /// Values that differ by rounding are equal.
  private static func key(_ entry: Entry) -> [Double] {
    let candidate = entry.candidate
    let strain =
      entry.stress.map { ($0 * 1e9).rounded() }
      ?? (candidate.shared.largest * 1e7).rounded()
    return [
      Double(entry.concerns.count), strain, ((entry.character.brokenBonds ?? 0) * 1e3).rounded(),
      Double(candidate.atoms),
    ]
  }
}

private struct TerminationPlace: Hashable {
  let face: MillerIndex
  let cut: Double

  init(_ termination: Termination) { (face, cut) = (termination.face, termination.cut) }
}
