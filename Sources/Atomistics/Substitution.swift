/// Which share of the sites of an element other elements take: `S: 0.12 P, 0.12 Cl`.
public struct Substitution: Hashable, Sendable, Codable {
  public struct Part: Hashable, Sendable, Codable {
    public let element: Element
    /// Of the host's sites, above 0 and up to 1.
    public let share: Double

    public init(_ element: Element, share: Double) {
      self.element = element
      self.share = share
    }
  }

  public let host: Element
  public let parts: [Part]

  /// - Throws: `AtomisticsError.badSubstitution` for shares out of range, an element that stands
  ///   twice or for itself.
  public init(_ host: Element, by parts: [Part]) throws {
    self.host = host
    self.parts = parts
    func bad(_ reason: String) -> AtomisticsError { .badSubstitution(description, reason: reason) }
    guard !parts.isEmpty else { throw bad("nothing takes the place of \(host)") }
    guard parts.allSatisfy({ $0.share > 0 }), parts.reduce(0, { $0 + $1.share }) < 1 + 1e-9 else {
      throw bad("shares lie above 0 and add up to 1 at most")
    }
    guard Set(parts.map(\.element)).union([host]).count == parts.count + 1 else {
      throw bad("an element stands twice")
    }
  }

  /// Reads `S: 0.12 P, 0.12 Cl`.
  ///
  /// - Throws: `AtomisticsError.badSubstitution`.
  public init(parsing text: String) throws {
    func bad(_ reason: String) -> AtomisticsError { .badSubstitution(text, reason: reason) }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, let host = Element(halves[0].filter { $0 != " " }) else {
      throw bad("it begins with an element and ':'")
    }
    let parts = try halves[1].split(separator: ",", omittingEmptySubsequences: false).map {
      text -> Part in
      let words = text.split(separator: " ")
      guard words.count == 2, let share = Double(words[0]), share.isFinite,
        let element = Element(String(words[1]))
      else {
        throw bad("'\(text)' is not a share and an element")
      }
      return Part(element, share: share)
    }
    try self.init(host, by: parts)
  }
}

extension Substitution: CustomStringConvertible {
  public var description: String {
    "\(host): " + parts.map { "\($0.share) \($0.element)" }.joined(separator: ", ")
  }
}
