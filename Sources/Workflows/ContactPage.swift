import Atomistics
import FileFormats
import Foundation
import Interfaces
import Report

/// `contacts.html`: one self-contained page with the ranking, and of each contact its picture, what
/// sets its gap, and the landscape of its registry if that was scanned.
public struct ContactPage {
  /// A contact with what was found about it.
  public struct Entry: Sendable {
    public let name: String
    public let contact: CoherentInterface
    public let files: ContactFiles
    /// Its place, with reasons.
    public let ranked: ContactRanking.Entry
    /// Of the side under more of it, GPa.
    public var stress: Double?
    public var adhesion: WorkOfAdhesion?
    public var registry: ContactRegistry?
    /// What else a reader should know of this contact, each a sentence.
    public var remarks: [String] = []

    public init(
      name: String, contact: CoherentInterface, ranked: ContactRanking.Entry, files: ContactFiles
    ) {
      (self.name, self.contact, self.ranked, self.files) = (name, contact, ranked, files)
    }
  }

  public let entries: [Entry]
  /// Formulas.
  public let electrolyte: String
  public let metal: String
  /// How many contacts there were to choose from.
  public let found: Int
  /// Kinds of termination that no contact within the limits has.
  public let missingKinds: [String]
  /// Whether `entries` are one of each kind, else the best of all.
  public let isShortlist: Bool
  public let settings: ContactSettings
  /// What energies were computed with, if any were.
  public let potential: String?

  public init(
    entries: [Entry], electrolyte: Structure, metal: Structure, found: Int,
    missingKinds: [String] = [], isShortlist: Bool, settings: ContactSettings, potential: String?
  ) {
    self.entries = entries
    (self.electrolyte, self.metal) = (Self.name(electrolyte), Self.name(metal))
    (self.found, self.settings, self.potential) = (found, settings, potential)
    (self.missingKinds, self.isShortlist) = (missingKinds, isShortlist)
  }

  /// Draws every picture (`NAME.svg` and its data, `NAME-registry.svg` and `.csv`) and the page.
  ///
  /// - Returns: the path of the page.
  /// - Throws: `WorkflowsError.figureFailed`, `FileFormatsError.cannotWrite`.
  @discardableResult public func write(to folder: URL) throws -> String {
    try createDirectory(folder)
    let url = folder.appendingPathComponent("contacts.html")
    do {
      try page(drawingInto: folder).write(to: url)
    } catch let error as ReportError {
      throw WorkflowsError.figureFailed(
        path: folder.path, reason: error.description, kind: .cannotWrite)
    }
    return url.path
  }

  /// The reduced formula as a chemist writes it: the least electronegative element first, small
  /// anions such as BH4 whole at the end.
  static func name(_ crystal: Structure) -> String {
    let reduced = crystal.composition.reduced
    var amounts = Dictionary(uniqueKeysWithValues: reduced.elements.map { ($0, reduced[$0]) })
    var anions = ""
    for cluster in [Cluster.BH4, .BF4, .CN] where !cluster.bonds(in: crystal).isEmpty {
      let count = amounts[cluster.center] ?? 0
      let ligands = (amounts[cluster.ligand] ?? 0) - count * Double(cluster.ligandCount)
      // Where the numbers do not fit, the anion is not all that there is of these elements.
      guard count > 0, ligands == 0, count == count.rounded() else { continue }
      (amounts[cluster.center], amounts[cluster.ligand]) = (nil, nil)
      anions += count == 1 ? cluster.name : "(\(cluster.name))\(Int(count))"
    }
    let rest = amounts.sorted {
      ($0.key.electronegativity ?? 9, $0.key) < ($1.key.electronegativity ?? 9, $1.key)
    }
    return rest.map { "\($0.key)\($0.value == 1 ? "" : trimmed($0.value))" }.joined() + anions
  }

  private func page(drawingInto folder: URL) throws -> Page {
    let sections = try entries.enumerated().map { try section($0 + 1, $1, folder) }
    return Page(
      title: "Contacts of \(formula: electrolyte) with \(formula: metal)",
      subtitle: """
        \(entries.count) of \(found) contacts within the limits, \
        \(isShortlist ? "the best of each kind of termination" : "the best first")\
        \(potential.map { ", energies from \($0)" } ?? "")
        """,
      sections: [Section("Ranking", blocks: [.table(table), .heading("How to read it")] + howTo)]
        + sections,
      footer: """
        Interphase \(InterphaseVersion.current). How contacts are found, ranked and built: \
        Documentation/Interfaces.md.
        """)
  }

  private var howTo: [Block] {
    let vacuum: RichText =
      settings.vacuum.map { "A vacuum of \(trimmed($0)) Å lies between the two free faces." }
      ?? "There is no vacuum: each picture has two contacts, and the cell repeats to the right."
    var items: [RichText] = [
      """
      Each picture looks along the plane of the contact. The metal is on the left, the electrolyte \
      on the right; the dashed line is the contact plane, halfway between the outermost atoms.
      """,
      """
      Clusters are whole: four ligands or more are a polyhedron, fewer are sticks. Paler means \
      further from the eye. The grey box is the cell; ligands may stand beside it, next to their \
      centre. \(vacuum)
      """,
      """
      **Gap**: no pair across the contact is nearer than \(trimmed(settings.gapFraction)) of the sum \
      of its van der Waals radii (\(settings.radii.rawValue.capitalized)), and the pair that is named \
      is exactly that near.
      """,
      """
      **Strain**: von Mises, of the side that is strained more (\(sharing)); 1 % is 1.5 % in both \
      directions of the plane.
      """,
      """
      **Ranking**: contacts without concerns come first, then those of less stress (or strain, where \
      stresses are not known), then those of fewer broken bonds, then the smaller ones. Concerns: \
      *polar*, the electrolyte's slab has a dipole (Tasker's class III), which its atoms will screen; \
      *stress*, a side is under more than 0.1 GPa; *cuts clusters*, bonds of clusters end at the face.
      """,
      """
      **Kind**: the electrolyte's outermost group and how it faces the metal, with the label of Fang \
      and Jena's Fig. 2 that it answers to. Dipole per repeat of the crystal and area, broken bonds of \
      the electrolyte's face per area: from formal charges and nearest neighbours, as \
      Documentation/Terminations.md defines them.
      """,
    ]
    if !missingKinds.isEmpty {
      items.append(
        """
        No contact within the limits ends in: \(missingKinds.joined(separator: ", ")).
        """)
    }
    if entries.contains(where: { $0.stress != nil }) {
      items.append(
        """
        **Stress**: the larger principal in-plane stress of the side under more of it, from the \
        potential's elastic constants, the normal free. The \
        paper that this follows keeps it below 0.1 GPa.
        """)
    }
    if entries.contains(where: { $0.adhesion != nil }) {
      items.append(
        """
        **Adhesion**: what it costs to take metal and electrolyte apart, per area; above zero they \
        hold together. Rigid: atoms as built. Relaxed: contact and both slabs relaxed, each by \
        itself.
        """)
    }
    if entries.contains(where: { $0.registry != nil }) {
      items.append(
        """
        **Registry**: the energy over all shifts of the electrolyte along the plane that make a \
        different contact, the gap set anew at each. Light is low; the ring is the shift that was \
        taken, the lowest or, where the lowest were relaxed, the lowest after that.
        """)
    }
    return [.list(items)]
  }

  private var sharing: String {
    switch settings.sharing {
    case .metal: "the metal takes all of it"
    case .electrolyte: "the electrolyte takes all of it"
    case .fraction(let share): "the electrolyte takes \(trimmed(share * 100)) % of it"
    case .stiffness: "shared so that the elastic energy of both slabs is least"
    }
  }

  private var table: Table {
    let textColumns: Set = ["electrolyte", "metal", "kind", "concerns"]
    let hasStress = entries.contains { $0.stress != nil }
    let hasAdhesion = entries.contains { $0.adhesion != nil }
    var header: [RichText] = [
      "no.", "electrolyte", "metal", "area (Å²)", "strain (%)", "gap (Å)", "atoms",
      "dipole (e/Å)", "broken bonds (1/nm²)", "kind", "concerns",
    ]
    if hasStress { header.insert("stress (GPa)", at: 5) }
    if hasAdhesion { header.append("adhesion (J/m²)") }
    let rows = entries.enumerated().map { number, entry -> [RichText] in
      let contact = entry.contact
      var row: [RichText] = [
        RichText(plain: "\(number + 1)"), plane(contact.electrolyteMiller),
        plane(contact.metalMiller), RichText(plain: rounded(contact.shared.lattice.area, 1)),
        RichText(plain: rounded(contact.shared.largest * 100, 3)),
        RichText(plain: rounded(contact.gap, 2)), RichText(plain: "\(contact.structure.count)"),
        value(entry.ranked.character.dipole, 3), value(entry.ranked.character.brokenBonds, 1),
        RichText(plain: kind(entry)), RichText(plain: concerns(entry)),
      ]
      if hasStress { row.insert(value(entry.stress, 2), at: 5) }
      if hasAdhesion {
        let mark: RichText = entry.adhesion?.converged == false ? "*" : ""
        row.append(value(joules(entry.adhesion), 3) + mark)
      }
      return row
    }
    return Table(
      caption: "Contacts, the best first.",
      header: header, rows: rows,
      alignment: header.map { textColumns.contains($0.plain) ? .left : .right },
      notes: entries.contains { $0.adhesion?.converged == false }
        ? ["Of * a relaxation did not converge: the value is that of where it ended."] : [])
  }

  private func kind(_ entry: Entry) -> String {
    let kind = entry.ranked.kind
    if let label = kind.paperLabel { return "\(kind.name) (\(label))" }
    return kind.paperCounterpart.map { "\(kind.name) (nearest to \($0))" } ?? kind.name
  }

  private func concerns(_ entry: Entry) -> String {
    let concerns = entry.ranked.concerns.map(\.rawValue).joined(separator: ", ")
    return concerns.isEmpty ? "none" : concerns
  }

  private func value(_ value: Double?, _ decimals: Int) -> RichText {
    RichText(plain: value.map { rounded($0, decimals) } ?? "–")
  }

  /// With two decimals and a true minus.
  private func signed(_ value: Double) -> String {
    rounded(value, 2).replacing("-0.00", with: "0.00").replacing("-", with: "−")
  }

  private func joules(_ adhesion: WorkOfAdhesion?) -> Double? {
    adhesion.map { ($0.relaxed ?? $0.rigid) * WorkOfAdhesion.joulesPerSquareMetre }
  }

  /// Indices that are not torn apart at the end of a line, bars over negative ones.
  private func plane(_ index: MillerIndex) -> RichText {
    RichText(plain: index.description.replacing(" ", with: "\u{00A0}").replacing("-", with: "−"))
  }

  private func section(_ number: Int, _ entry: Entry, _ folder: URL) throws -> Section {
    let contact = entry.contact
    let electrolyteAtoms = contact.structure.count - contact.metalAtoms
    var blocks: [Block] = [
      try figure(
        .scene(
          Scene(
            contact: contact.structure, planes: contact.contactPlanes,
            clusters: entry.ranked.candidate.electrolyte.crystal.clusters)), entry.name, folder,
        caption: """
          \(formula: electrolyte) \(plane(contact.electrolyteMiller)) on \(formula: metal) \
          \(plane(contact.metalMiller)): \(contact.metalAtoms) atoms of metal, \(electrolyteAtoms) \
          of electrolyte.
          """),
      .facts(facts(entry)),
    ]
    blocks.append(.paragraph(prose(entry.ranked.kind.sentence)))
    if !entry.remarks.isEmpty { blocks.append(.list(entry.remarks.map { prose($0) })) }
    if let registry = entry.registry {
      blocks += try registryBlocks(registry, entry, folder)
    }
    let names = [
      entry.files.extxyz, entry.files.poscar, entry.files.poscarOrder, entry.files.cif,
      entry.files.lammps,
    ].map { URL(fileURLWithPath: $0).lastPathComponent }
    blocks.append(
      .paragraph(
        names.dropFirst().reduce("Files: \(code: names[0])") { "\($0), \(code: $1)" } + "."))
    return Section(
      """
      Contact \(number): \(plane(contact.electrolyteMiller)) on \(plane(contact.metalMiller)), \
      \(entry.ranked.outermost)
      """,
      anchor: entry.name, blocks: blocks)
  }

  private func facts(_ entry: Entry) -> [Fact] {
    let contact = entry.contact
    func pair(_ pair: CoherentInterface.ContactPair) -> RichText {
      """
      from \(pair.metal)–\(pair.electrolyte) at \(rounded(pair.distance, 2)) Å
      """
    }
    var facts = [
      Fact("\(rounded(contact.gap, 2)) Å", meaning: "gap, \(pair(contact.closestPair))"),
      Fact("\(rounded(contact.shared.lattice.area, 1)) Å²", meaning: "area"),
      Fact(
        "\(rounded(contact.shared.largest * 100, 2)) %",
        meaning: """
          von Mises strain; lengths within \
          \(rounded(contact.match.lengthMismatch * 100, 2)) %, angle \
          \(rounded(contact.match.angleMismatch * 100, 2)) %
          """),
    ]
    if let second = contact.secondPair {
      facts.append(Fact("two contacts", meaning: "the second \(pair(second))"))
    }
    if let stress = entry.stress {
      facts.append(
        Fact("\(rounded(stress, 2)) GPa", meaning: "mismatch stress of the side under more"))
    }
    if let adhesion = entry.adhesion {
      let factor = WorkOfAdhesion.joulesPerSquareMetre
      let rigid = "\(rounded(adhesion.rigid * factor, 3)) J/m²"
      facts.append(
        adhesion.relaxed.map {
          Fact(
            "\(rounded($0 * factor, 3)) J/m²",
            meaning: """
              work of adhesion, relaxed\(adhesion.converged ? "" : " (not converged)"); rigid \
              \(rigid)
              """)
        } ?? Fact("\(rigid)", meaning: "work of adhesion, rigid"))
    }
    return facts
  }

  private func registryBlocks(_ registry: ContactRegistry, _ entry: Entry, _ folder: URL) throws
    -> [Block]
  {
    let scan = registry.scan
    let area = entry.contact.match.area
    let factor = WorkOfAdhesion.joulesPerSquareMetre / area
    let lowest = scan.best.energy
    let chosen = scan.points.firstIndex(of: registry.chosen)
    let landscape = Landscape(
      a: scan.cell.a, b: scan.cell.b, divisions: scan.divisions,
      values: scan.points.map { ($0.energy - lowest) * factor }, marked: chosen.map { [$0] } ?? [],
      quantity: "Energy", unit: "J/m²")
    let taken = registry.chosen.shift
    var blocks = [
      try figure(
        .landscape(landscape), "\(entry.name)-registry", folder,
        caption: """
          Energy over the shifts of the electrolyte, \(scan.divisions.x) × \(scan.divisions.y) in \
          one cell of the distinct ones (\(rounded(scan.cell.lengthA, 2)) × \
          \(rounded(scan.cell.lengthB, 2)) Å, \(rounded(scan.cell.angle, 1))°), above the lowest. \
          Taken: (\(signed(taken.x)), \(signed(taken.y))) Å.
          """)
    ]
    if !registry.relaxed.isEmpty {
      let first = registry.chosenRelaxed?.energy ?? 0
      blocks.append(
        .table(
          Table(
            caption: "The lowest shifts, relaxed.",
            header: ["shift (Å)", "rigid (J/m²)", "relaxed (J/m²)", "converged"],
            rows: registry.relaxed.map { result in
              [
                RichText(
                  plain: "\(signed(result.point.shift.x)), \(signed(result.point.shift.y))"),
                RichText(plain: rounded((result.point.energy - lowest) * factor, 3)),
                RichText(plain: rounded((result.energy - first) * factor, 3)),
                RichText(plain: result.converged ? "yes" : "no"),
              ]
            }, notes: ["Each above its lowest."])))
    }
    return blocks
  }

  /// Draws into the page's own folder.
  private func figure(_ figure: Figure, _ name: String, _ folder: URL, caption: RichText) throws
    -> Block
  {
    let file = try FigureFile(figure, name: name, in: folder)
    return .figure(
      PageFigure(
        svg: file.svg, caption: caption, dataPath: "\(name).csv", description: caption.plain))
  }
}
