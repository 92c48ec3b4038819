import Analysis
import Atomistics

/// Everything that one run of a contact is asked, from one pass over its frames.
struct SeedMeasurement {
  /// By cluster, since the contact was made.
  private(set) var bonds: [String: BondIntegrity]
  private(set) var vacuum = VacuumCrossings()
  /// Of P.
  private(set) var states = CountedStates(of: Element("P")!)
  /// By species, in the production.
  private(set) var spreads: [String: AtomicDistributionWidth]
  private(set) var phases: PhaseMeasurement

  init(
    _ electrolyte: StudyConfiguration.Electrolyte, clusters: [Cluster], contact: ContactResult
  ) throws {
    let area = ContactArea(
      cellArea: contact.area_A2, contacts: contact.contactPlanes_A.count)
    bonds = try Dictionary(
      uniqueKeysWithValues: clusters.filter { contact.clusters.contains($0.name) }.map {
        ($0.name, try BondIntegrity($0, contact: area))
      })
    spreads = Dictionary(
      uniqueKeysWithValues: ["P", "Li"].compactMap { symbol in
        Element(symbol).map { (symbol, AtomicDistributionWidth($0)) }
      })
    phases = PhaseMeasurement(electrolyte, normalization: .slab)
  }

  mutating func consume(_ frame: Frame, isProduction: Bool) throws {
    for name in bonds.keys { try bonds[name]?.consume(frame) }
    try vacuum.consume(frame)
    try states.consume(frame)
    guard isProduction else { return }
    for name in spreads.keys { try spreads[name]?.consume(frame) }
    try phases.consume(frame)
  }
}

/// The radial distributions of a contact, or of a phase that it is compared with.
struct PhaseMeasurement {
  /// Å
  static let panelRadius = 10.0
  static let mixtureRadius = 7.0

  /// By panel; of a reference only those that name it.
  private var panels: [Int: RadialDistributionFunction] = [:]
  private var mixtures: [Int: Surroundings] = [:]
  private let electrolyte: StudyConfiguration.Electrolyte
  private let normalization: RadialNormalization
  private var isFirst = true

  init(_ electrolyte: StudyConfiguration.Electrolyte, normalization: RadialNormalization) {
    self.electrolyte = electrolyte
    self.normalization = normalization
  }

  mutating func consume(_ frame: Frame) throws {
    if isFirst { try begin(frame.structure) }
    isFirst = false
    for index in panels.keys { try panels[index]?.consume(frame) }
    for index in mixtures.keys { try mixtures[index]?.consume(frame) }
  }

  /// A phase is asked about the centres that it holds.
  private mutating func begin(_ structure: Structure) throws {
    let held = Set(structure.species)
    for (index, panel) in electrolyte.rdf.enumerated() where held.isSuperset(of: panel.pair) {
      panels[index] = try RadialDistributionFunction(
        panel.pair[0], panel.pair[1], maximumRadius: Self.panelRadius,
        normalization: normalization)
    }
    for (index, mixture) in electrolyte.mixtures.enumerated() where held.contains(mixture.center) {
      mixtures[index] = Surroundings(
        of: mixture.center, partners: mixture.partners, maximumRadius: Self.mixtureRadius,
        normalization: normalization)
    }
  }

  /// - Throws: `AnalysisError.nothingSelected` where the first frame lacks the pair.
  func panel(_ index: Int) throws -> RadialDistributionFunction {
    guard let found = panels[index] else {
      let pair = electrolyte.rdf[index].pair.map(\.symbol).joined(separator: "-")
      throw AnalysisError.nothingSelected(
        what: "\(pair) pair", held: "one of the phases compared with lacks an element of it")
    }
    return found
  }

  /// - Throws: `AnalysisError.nothingSelected` where the first frame lacks the centre.
  func mixture(_ index: Int) throws -> Surroundings {
    guard let found = mixtures[index] else {
      throw AnalysisError.nothingSelected(
        what: "\(electrolyte.mixtures[index].center) atom",
        held: "one of the phases of the mixture lacks it; take it out of 'references'")
    }
    return found
  }
}
