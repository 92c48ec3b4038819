import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// The numbers of the atoms of a species, frame by frame, from where the options say.
struct AtomCharges {
  /// Names that columns of charges go by; none but these is looked for unasked.
  private static let knownColumns = [
    "bader_charge", "bader_charges", "mulliken_charge", "mulliken_charges", "charges", "charge",
    "initial_charges", "q",
  ]

  private let species: Element
  private let options: ChargeSourceOptions
  private let trajectory: String
  private let told: [Element: Double]
  private let cutoffs: [Element: Double]
  private let ligands: [Element]?
  private var frames = 0
  private(set) var count: FormalOxidationState?
  /// The column that was found.
  private(set) var column: String?
  /// What is to be said of the first file that is odd.
  private(set) var warning: String?

  init(of species: Element, _ options: ChargeSourceOptions, trajectory: String) throws {
    self.species = species
    self.options = options
    self.trajectory = trajectory
    told = try valenceElectronsTold(options.valenceElectrons)
    cutoffs = try Dictionary(
      options.bond.map { try Self.cutoff($0, of: species) }, uniquingKeysWith: { _, last in last })
    ligands = try options.ligands.map { text in
      try text.split(separator: ",").map { name in
        guard let element = Element(name.filter { $0 != " " }) else {
          throw AtomisticsError.unknownElement(String(name), context: "in --ligands '\(text)'")
        }
        return element
      }
    }
  }

  /// Names of columns that the reader should look for.
  var columns: [String] {
    guard !options.fromBonds, options.charges.isEmpty else { return [] }
    return options.column.map { [$0] } ?? Self.knownColumns
  }

  /// What the atoms of the next frame have, one number each; nil where the files are used up.
  mutating func next(_ frame: Frame) throws -> (kind: ChargeKind, values: [Double])? {
    frames += 1
    if options.fromBonds {
      let found =
        try count
        ?? FormalOxidationState(
          of: species, in: frame.structure, ligands: ligands, cutoffs: cutoffs)
      count = found
      return (found.kind, found.states(in: frame.structure))
    }
    guard options.charges.isEmpty else {
      guard frames <= options.charges.count else { return nil }
      let path = options.charges[frames - 1]
      let values = try BaderJSON.claims(path: path) ? json(path, frame) : table(path, frame)
      return (try kind(of: .bader, path), values)
    }
    return try fromColumn(frame)
  }

  /// - Throws: where there were not as many files as frames.
  func checkEnd() throws {
    guard options.charges.isEmpty || frames == options.charges.count || frames == 0 else {
      throw FileFormatsError.badFile(
        path: trajectory, line: nil,
        reason:
          "there are \(frames) frames (in the chosen span), but \(options.charges.count) files "
          + "of charges; give one a frame, in the order of the frames")
    }
  }

  private mutating func fromColumn(
    _ frame: Frame
  ) throws -> (kind: ChargeKind, values: [Double]) {
    guard let found = frame.column else {
      if let name = options.column ?? column {
        throw AnalysisError.badCharges(
          frame: frames, reason: "there is no column '\(name)' with a number for each atom")
      }
      throw ValidationError(
        "\(trajectory) has no column of charges (\(Self.knownColumns.joined(separator: ", "))). Give "
          + "--column NAME with --kind, --charges FILE ... (one a frame: ACF.dat or what "
          + "'interphase bader --json' printed), or --from-bonds for formal oxidation states")
    }
    guard column == nil || column == found.name else {
      throw AnalysisError.badCharges(
        frame: frames,
        reason:
          "the charges are in the column '\(found.name)', before in '\(column ?? "")'; choose "
          + "one with --column")
    }
    column = found.name
    return (
      try kind(of: ChargeKind(columnName: found.name), "the column '\(found.name)'"),
      found.values
    )
  }

  private func kind(of source: ChargeKind?, _ name: String) throws -> ChargeKind {
    if let told = options.kind { return try ChargeKind(told: told, source: source, of: name) }
    guard let source else {
      throw ValidationError(
        "\(name) does not say what kind of charge it holds; say it, for instance --kind \"Bader\" or "
          + "--kind \"GFN2-xTB Mulliken\"")
    }
    return source
  }

  private func json(_ path: String, _ frame: Frame) throws -> [Double] {
    let atoms = try BaderJSON(path: path).atoms
    try check(atoms.count, path, frame)
    let expected = frame.structure.species
    if let atom = atoms.indices.first(where: { atoms[$0].element != expected[$0] }) {
      throw bad(
        path,
        "atom \(atom + 1) is \(atoms[atom].element) here and \(expected[atom]) in frame \(frames) of "
          + "\(trajectory); the atoms must stand in the same order")
    }
    return try atoms.enumerated().map { index, atom in
      if let charge = atom.charge { return charge }
      if options.isAllElectron { return Double(atom.element.atomicNumber) - atom.electrons }
      if let valence = told[atom.element] { return valence - atom.electrons }
      throw bad(
        path,
        "the charge of atom \(index + 1) (\(atom.element)) is null: 'interphase bader' did not know "
          + "what the ions are charged; give --valence-electrons Li=3,P=5,... or --all-electron, to "
          + "it or here")
    }
  }

  private mutating func table(_ path: String, _ frame: Frame) throws -> [Double] {
    let file = try BaderACF(path: path)
    try check(file.electrons.count, path, frame)
    if let (atom, distance) = file.misplacedAtom(in: frame.structure) {
      throw bad(
        path,
        "atom \(atom + 1) lies \(CSVTable.field(distance, decimals: 2)) Å from where frame \(frames) "
          + "of \(trajectory) has it: another snapshot, or atoms in another order")
    }
    let ions = try IonCharges(
      of: frame.structure, counted: file.electrons.reduce(file.vacuumElectrons, +),
      kind: options.isAllElectron ? .all : nil, told: told)
    guard let charges = ions.charges else {
      throw ValidationError(
        "\(path): CHARGE of an ACF.dat is a number of electrons; a charge takes what the ions are "
          + "charged: give --valence-electrons Li=3,P=5,... as the pseudopotentials have them, or "
          + "--all-electron")
    }
    if warning == nil, let first = ions.warnings.first { warning = "\(path): \(first)" }
    return zip(charges, file.electrons).map { $0 - $1 }
  }

  private func check(_ count: Int, _ path: String, _ frame: Frame) throws {
    guard count != frame.structure.count else { return }
    throw bad(
      path,
      "it has \(count) atoms, frame \(frames) of \(trajectory) has \(frame.structure.count)")
  }

  private func bad(_ path: String, _ reason: String) -> FileFormatsError {
    .badFile(path: path, line: nil, reason: reason)
  }

  /// `P-S=2.9 Å`.
  private static func cutoff(_ text: String, of species: Element) throws -> (Element, Double) {
    let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
    let pair = try elementPair(sides.first ?? "", anyAllowed: false).compactMap(\.self)
    guard sides.count == 2, pair.count == 2, pair.contains(species) else {
      throw ValidationError("--bond is '\(text)'; expected for instance \"\(species)-S=2.9 Å\"")
    }
    return (pair[0] == species ? pair[1] : pair[0], try Quantity.length(sides[1]))
  }
}
