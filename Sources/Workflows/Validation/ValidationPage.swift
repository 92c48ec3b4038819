import Atomistics
import Dynamics
import FileFormats
import Foundation
import Report

/// `validation.html`: the tables of a validation with its figures, which stand with their data in
/// `figures/`.
struct ValidationPage {
  private let result: ValidationResult
  private static let colors = (
    potential: Palette.categorical[0], reference: Palette.categorical[1]
  )

  init(_ result: ValidationResult) { self.result = result }

  /// - Throws: `WorkflowsError.figureFailed`.
  func write(to directory: URL) throws {
    let folder = directory.appendingPathComponent("figures")
    // Of a validation before, figures that no longer apply go.
    try? FileManager.default.removeItem(at: folder)
    try createDirectory(folder)
    do {
      try page(folder).write(to: directory.appendingPathComponent("validation.html"))
    } catch let error as ReportError {
      throw WorkflowsError.figureFailed(
        path: folder.path, reason: error.description, kind: error.failureKind)
    }
  }

  /// What a table is about.
  static func heading(_ table: String) -> String {
    switch table {
    case "errors": "Errors against labels"
    case "slopes": "Slopes of energies"
    case "lattice": "Lattices"
    case "experiment": "Lattices and experiment"
    case "formation": "Energies"
    case "eos": "Equations of state"
    case "elastic-summary": "Elastic constants"
    case "phonons": "Phonons at Γ"
    case "bonds": "Bonds of clusters"
    case "rdf": "Radial distributions"
    case "reactions": "Reactions"
    default: table
    }
  }

  private func page(_ folder: URL) throws -> Page {
    let potential = result.validation.potential
    var sections = [summary()]
    for table in result.shownTables {
      sections.append(
        Section(
          RichText(plain: Self.heading(table.name)), anchor: table.name,
          blocks: [.table(table.page)] + (try figures(of: table.name, folder))))
    }
    if !result.troubles.isEmpty {
      sections.append(
        Section("What failed", blocks: [.list(result.troubles.map { RichText(plain: $0) })]))
    }
    sections.append(
      Section("Not tested", blocks: [.list(result.untested.map { RichText(plain: $0) })]))
    sections.append(
      Section(
        "The potential",
        blocks: [.list(potential.form.map { RichText(plain: Self.bare($0)) })]
          + provenance(potential)))
    return Page(
      title: "Validation of \(potential.name)",
      subtitle: RichText(
        plain: ValidationCard.sources(result).map(Self.bare).joined(separator: " ")),
      sections: sections,
      footer: """
        Interphase \(InterphaseVersion.current). How everything here is found: \
        Documentation/Learning.md.
        """)
  }

  private func provenance(_ potential: PotentialFile) -> [Block] {
    guard let training = potential.training else {
      return [.paragraph("The directory of its file does not tell how it was made.")]
    }
    return [
      .heading("Training"), .list(training.facts.map { RichText(plain: Self.bare($0)) }),
      .code(training.input),
    ]
  }

  private static func bare(_ text: String) -> String {
    text.replacingOccurrences(of: "`", with: "")
  }

  private func summary() -> Section {
    var facts: [Fact] = []
    if let all = result.errors?.groups.first {
      facts.append(
        Fact(
          "\(rounded(all.force.rms, 3)) eV/Å",
          meaning: "force, root mean square over \(all.force.count) components"))
      if let shifted = all.shiftedEnergy {
        facts.append(
          Fact(
            "\(rounded(1000 * shifted, 1)) meV/atom",
            meaning: "energy along trajectories, root mean square"))
      }
    }
    for row in result.errors?.groups ?? [] where row.name == "contact" {
      guard let slope = row.slope else { continue }
      facts.append(
        Fact(
          "\(rounded(slope.slope, 3)) ± \(rounded(slope.standardError, 3))",
          meaning: "slope of energies along \(slope.trajectories) trajectories of contacts"))
    }
    let edges = result.crystals.compactMap { $0.edgeDifference.map { 100 * abs($0) } }
    if let worst = edges.max() {
      facts.append(
        Fact(
          "\(rounded(worst, 2)) %", meaning: "largest error of an edge of \(edges.count) crystals"))
    }
    let reactions = result.reactions.compactMap { found -> Double? in
      guard let x = found.potential, let y = found.reference else { return nil }
      return 1000 * abs(x - y)
    }
    if let worst = reactions.max() {
      facts.append(
        Fact(
          "\(rounded(worst, 1)) meV/atom",
          meaning: "largest error of \(reactions.count) reaction energies"))
    }
    return Section("Summary", blocks: [.facts(facts)])
  }

  /// gnuplot takes a comma in a quoted field for the end of the field.
  private static func title(_ name: String) -> String {
    name.replacingOccurrences(of: ",", with: ";")
  }

  private func figures(of table: String, _ folder: URL) throws -> [Block] {
    switch table {
    case "errors":
      // Without slopes there is no other place for the energies.
      try forceParity(folder)
        + (result.shownTables.contains { $0.name == "slopes" } ? [] : energyParity(folder))
    case "slopes": try energyParity(folder)
    case "eos": try equations(folder)
    case "phonons": try phonons(folder)
    case "bonds": try bonds(folder)
    case "rdf": try radialDistributions(folder)
    default: []
    }
  }

  private func panels(
    _ charts: [Chart], _ name: String, _ folder: URL, height: Double = 190, _ caption: RichText
  ) throws -> [Block] {
    guard !charts.isEmpty else { return [] }
    let figure: Figure =
      charts.count == 1
      ? .chart(charts[0])
      : .panels(PanelFigure(charts: charts, columns: charts.count > 4 ? 3 : 2, panelHeight: height))
    return [.figure(PageFigure(try FigureFile(figure, name: name, in: folder), caption: caption))]
  }

  private func forceParity(_ folder: URL) throws -> [Block] {
    let charts = parityGroups.compactMap {
      parity($0.name, $0.forces, "Force", "eV/Å", factor: 1)
    }
    return try panels(
      charts, "parity-forces", folder,
      """
      Components of forces by group; of each group at most \(ParitySample.mostForces), drawn at \
      random.
      """)
  }

  private func energyParity(_ folder: URL) throws -> [Block] {
    let charts = parityGroups.compactMap {
      parity($0.name, $0.energies, "Energy", "meV/atom", factor: 1000)
    }
    return try panels(
      charts, "parity-energies", folder,
      """
      Energies less the mean of their trajectory; at most \(ParitySample.mostEnergies) frames a \
      group, of trajectories with two frames or more.
      """)
  }

  private var parityGroups: [ParitySample.Group] { result.errors?.parity.groups ?? [] }

  private func parity(
    _ title: String, _ points: [(label: Double, found: Double)], _ quantity: String,
    _ unit: String, factor: Double
  ) -> Chart? {
    guard !points.isEmpty else { return nil }
    let values = points.flatMap { [factor * $0.label, factor * $0.found] }
    let most = max(values.map { abs($0) }.max() ?? 0, 1e-9)
    let range = (-1.05 * most)...(1.05 * most)
    return Chart(
      title: Self.title(title), x: Axis("\(quantity) by label", unit: unit, range: range),
      y: Axis("\(quantity) by potential", unit: unit, range: range),
      series: [
        Series(
          name: "equal", x: [-most, most], y: [-most, most], style: .line,
          color: Palette.reference, width: 1),
        Series(
          name: quantity.lowercased(), x: points.map { factor * $0.label },
          y: points.map { factor * $0.found }, style: .points, color: Self.colors.potential,
          width: 1.5),
      ])
  }

  private func equations(_ folder: URL) throws -> [Block] {
    let charts = result.crystals.compactMap { crystal -> Chart? in
      let series = [
        ("potential", crystal.potential, Self.colors.potential),
        ("reference", crystal.reference, Self.colors.reference),
      ].flatMap { name, found, color -> [Series] in
        guard let lowest = found.volumes.map(\.energy).min() else { return [] }
        let points = Series(
          name: name, x: found.volumes.map(\.volume),
          y: found.volumes.map { 1000 * ($0.energy - lowest) }, style: .points, color: color)
        guard let fit = found.equation, let first = found.volumes.first?.volume,
          let last = found.volumes.last?.volume
        else { return [points] }
        let x = (0...60).map { first + (last - first) * Double($0) / 60 }
        return [
          points,
          Series(
            name: "\(name) fitted", x: x, y: x.map { 1000 * (fit.energy(at: $0) - lowest) },
            color: color, width: 1.5),
        ]
      }
      guard !series.isEmpty else { return nil }
      return Chart(
        title: Self.title(crystal.crystal.name), x: Axis("Volume", unit: "Å³/atom"),
        y: Axis("Energy", unit: "meV/atom"), series: series)
    }
    return try panels(
      charts, "equations-of-state", folder,
      "Energies at seven volumes, each above its lowest, and the equations fitted to them.")
  }

  private func phonons(_ folder: URL) throws -> [Block] {
    let pairs = result.crystals.compactMap { crystal -> (String, [Double], [Double])? in
      guard let x = crystal.reference.phonons?.frequencies,
        let y = crystal.potential.phonons?.frequencies, !x.isEmpty
      else { return nil }
      return (crystal.crystal.name, x, y)
    }
    let values = pairs.flatMap { $0.1 + $0.2 }
    guard let low = values.min(), let high = values.max(), low < high else { return [] }
    let colors = Palette.categorical
    let chart = Chart(
      x: Axis("Frequency by reference", unit: "THz"),
      y: Axis("Frequency by potential", unit: "THz"),
      series: [
        Series(
          name: "equal", x: [low, high], y: [low, high], color: Palette.reference, width: 1)
      ]
        + pairs.enumerated().map { k, pair in
          Series(
            name: Self.title(pair.0), x: pair.1, y: pair.2, style: .points,
            color: colors[k % colors.count],
            width: 1.5)
        })
    return try panels(
      [chart], "phonons", folder, "Frequencies at Γ, matched by their order.")
  }

  private func bonds(_ folder: URL) throws -> [Block] {
    let charts = result.crystals.flatMap(\.bonds).map { bond in
      Chart(
        title: Self.title("\(bond.cluster.name) in \(bond.crystal)"), x: Axis("Stretch", unit: "Å"),
        y: Axis("Energy", unit: "eV"),
        series: [
          ("potential", bond.potential, Self.colors.potential),
          ("reference", bond.reference, Self.colors.reference),
        ].flatMap { name, curve, color in
          [
            Series(
              name: name, x: curve.stretches, y: curve.energies, style: .points, color: color),
            Series(
              name: "\(name) line", x: curve.stretches, y: curve.energies, style: .line,
              color: color, width: 1.5),
          ]
        })
    }
    return try panels(
      charts, "bonds", folder,
      "What stretching one bond of a cluster costs, all other atoms where they are.")
  }

  private func radialDistributions(_ folder: URL) throws -> [Block] {
    let charts = result.crystals.flatMap { crystal in
      (crystal.motion?.pairs ?? []).map { pair in
        Chart(
          title: Self.title("\(pair.center)-\(pair.partner) in \(crystal.crystal.name)"),
          x: Axis("r", unit: "Å"), y: Axis("g(r)", unit: ""),
          series: [
            Series(
              name: "reference", x: pair.r, y: pair.reference, color: Self.colors.reference,
              width: 1.5),
            Series(
              name: "potential", x: pair.r, y: pair.potential, color: Self.colors.potential,
              width: 1.5),
          ])
      }
    }
    return try panels(
      charts, "radial-distributions", folder, "Radial distributions of crystals in motion.")
  }
}
