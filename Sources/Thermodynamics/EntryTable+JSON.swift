import Atomistics

extension EntryTable {
  /// Reads entries from JSON: pymatgen's dictionaries, as `mp-api` saves them, or an OPTIMADE answer.
  ///
  /// pymatgen's are a list, one dictionary, or an object that has the list under `entries` or
  /// `data`. An answer is OPTIMADE's if what `data` holds has `attributes`.
  ///
  /// - Throws: `ThermodynamicsError.badTable` with the place in the list, counted from 1, and
  ///   `.mixture` for entries of two correction schemes.
  public init(json: String, name: String, scheme wanted: CorrectionScheme? = nil) throws {
    let root: JSONValue
    do {
      root = try JSONParser.parse(json)
    } catch let failure as JSONParser.Failure {
      throw ThermodynamicsError.badTable(name: name, line: failure.line, reason: failure.reason)
    }
    if OPTIMADEEntry.isAnswer(root) {
      try self.init(optimade: root, name: name)
      return
    }
    let items = try Self.dictionaries(root, name: name)
    let found = try Self.entries(of: items, name: name) { try PymatgenEntry($0, number: $1) }
    let entries = found.map(\.entry)
    let scheme = try Self.scheme(of: found, name: name) ?? Self.uncorrected(entries)
    if let wanted, let scheme, wanted != scheme {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "its energies carry the scheme \(scheme.rawValue), not \(wanted.rawValue)")
    }
    self.init(name: name, entries: entries, scale: .total, scheme: scheme)
  }

  /// Each item read by `read`; what it throws gets the table and the place.
  static func entries<Result>(
    of items: [JSONValue], name: String, read: ([String: JSONValue], Int) throws -> Result
  ) throws -> [Result] {
    guard !items.isEmpty else {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: "the list is empty")
    }
    return try items.enumerated().map { index, item in
      func bad(_ reason: String) -> ThermodynamicsError {
        let known = item.object.map {
          [Self.formula(of: $0), $0.label("entry_id") ?? $0.label("id")]
        }
        let which = (known ?? []).compactMap { $0 }.joined(separator: ", ")
        let shown = which.isEmpty ? "" : " (\(which))"
        return .badTable(name: name, line: nil, reason: "entry \(index + 1)\(shown), \(reason)")
      }
      guard let object = item.object else { throw bad("this is \(item.kind), not an object") }
      do {
        return try read(object, index + 1)
      } catch let problem as EntryProblem {
        throw bad(problem.reason)
      } catch let error as any ReportableError {
        throw bad(error.description)
      }
    }
  }

  /// The formula of an entry that cannot be read as a whole, for the message.
  private static func formula(of object: [String: JSONValue]) -> String? {
    if let text = object.known("composition")?.text { return text }
    let attributes = object.known("attributes")?.object
    return attributes?.label("chemical_formula_reduced")
      ?? attributes?.label("chemical_formula_descriptive")
      ?? (try? Composition(pymatgen: object))?.reduced.formula
  }

  private static func dictionaries(_ root: JSONValue, name: String) throws -> [JSONValue] {
    if let list = root.list { return list }
    if let object = root.object {
      if let list = (object.known("entries") ?? object.known("data"))?.list { return list }
      if object.known("energy") != nil,
        object.known("composition") != nil || object.known("structure") != nil
      {
        return [root]
      }
    }
    throw ThermodynamicsError.badTable(
      name: name, line: nil,
      reason: "expected a list of ComputedEntry dictionaries with composition and energy, or an "
        + "OPTIMADE answer; found \(root.kind)")
  }

  private static func scheme(of found: [PymatgenEntry], name: String) throws -> CorrectionScheme? {
    var members: [CorrectionScheme: [String]] = [:]
    for item in found {
      for scheme in item.schemes { members[scheme, default: []].append(item.entry.label) }
    }
    guard members.count > 1 else { return members.keys.first }
    throw ThermodynamicsError.mixture(
      name: name, of: "correction schemes",
      groups: Self.groups(members.map { ($0.key.rawValue, $0.value) }),
      advice: "correct all entries by one scheme")
  }

  /// Uncorrected, where every entry tells that it has no corrections although a scheme would correct
  /// one of them; else nil.
  public static func uncorrected(_ entries: [ComputedEntry]) -> CorrectionScheme? {
    let anions = Set(["F", "O", "Cl", "N", "Br", "I", "S", "Se", "Te"].compactMap { Element($0) })
    let none = entries.allSatisfy { $0.adjustments?.isEmpty == true }
    let needed = entries.contains {
      $0.composition.elements.count > 1 && !$0.composition.elementSet.isDisjoint(with: anions)
    }
    return none && needed ? .uncorrected : nil
  }
}
