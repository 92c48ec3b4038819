import Atomistics

extension Composition {
  /// The composition of an entry's dictionary: its `composition`, else the sites of its `structure`.
  init(pymatgen entry: [String: JSONValue]) throws {
    switch entry.known("composition") {
    case .object(let amounts)?: try self.init(pymatgenAmounts: amounts)
    case .text(let formula)?: try self.init(checking: formula)
    case let other?:
      throw EntryProblem.wrong("composition", other, expected: "amounts by element")
    case nil:
      guard let structure = entry.known("structure") else {
        throw EntryProblem("composition is missing, and there is no structure")
      }
      try self.init(pymatgenSitesOf: structure)
    }
  }

  private init(pymatgenAmounts amounts: [String: JSONValue]) throws {
    var pairs: [(Element, Double)] = []
    for (symbol, value) in amounts {
      guard case .number(let amount) = value else {
        throw EntryProblem.wrong(
          "composition, \(symbol)", value, expected: "an amount of 0 or more")
      }
      guard amount.isFinite, amount >= 0 else {
        throw EntryProblem(
          "composition, \(symbol) is \(amount); expected a finite amount of 0 or more")
      }
      pairs.append((try Element(pymatgenSpecies: symbol), amount))
    }
    try self.init(ordered: pairs)
  }

  private init(pymatgenSitesOf structure: JSONValue) throws {
    guard let sites = structure.object?.known("sites")?.list else {
      throw EntryProblem("structure, sites is missing; expected a list of sites")
    }
    var pairs: [(Element, Double)] = []
    for (index, site) in sites.enumerated() {
      for species in site.object?.known("species")?.list ?? [] {
        guard let object = species.object, let symbol = object.known("element")?.text else {
          throw EntryProblem("structure, site \(index + 1) names no element")
        }
        let occupancy = try object.number("occu") ?? 1
        guard occupancy >= 0 else {
          throw EntryProblem("structure, site \(index + 1) has a negative occupancy")
        }
        pairs.append((try Element(pymatgenSpecies: symbol), occupancy))
      }
    }
    try self.init(ordered: pairs)
  }

  /// A dictionary has no order; by atomic number the formula is the same on every run.
  private init(ordered pairs: [(Element, Double)]) throws {
    let whole = Composition(pairs.sorted { $0.0 < $1.0 })
    guard whole.atomCount > 0 else {
      throw AtomisticsError.badFormula("", reason: "it holds no atoms")
    }
    guard whole.atomCount < 1e9 else {
      throw ThermodynamicsError.outOfScale("the composition \(whole.formula)")
    }
    self = whole
  }
}

extension Element {
  /// An element from a species such as `Li`, `Li+`, `Fe3+`, `O0.5-` or `D`.
  ///
  /// Deuterium and tritium are hydrogen here: energies without the motion of nuclei are the same.
  ///
  /// - Throws: `AtomisticsError.unknownElement` also for pymatgen's dummy species.
  init(pymatgenSpecies text: String) throws {
    let symbol = String(text.prefix { $0.isASCII && $0.isLetter })
    let charge = text.dropFirst(symbol.count)
    let chargeIsPlain =
      charge.isEmpty
      || (charge.last.map { "+-".contains($0) } == true
        && charge.dropLast().allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") })
    guard chargeIsPlain, let element = Element(["D", "T"].contains(symbol) ? "H" : symbol) else {
      throw AtomisticsError.unknownElement(text, context: "in a composition")
    }
    self = element
  }
}
