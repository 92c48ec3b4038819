import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// What formed, as shares of reference phases: table and fits.
  func mixtureBlocks(
    _ electrolyte: StudyConfiguration.Electrolyte, _ analysis: ContactAnalysis
  ) throws -> [Block] {
    let mixtures = analysis.mixtures ?? []
    guard !mixtures.isEmpty else { return [] }
    let rows = mixtures.flatMap { one in
      (one.mixture.phases + [one.mixture.unassigned] + one.mixture.together).map { share in
        [
          RichText(plain: one.center), RichText(plain: one.partners.joined(separator: ", ")),
          RichText(plain: ChemicalText.unicode(share.name)),
          RichText(plain: shown(share.share * 100, 0)),
          RichText(plain: "\(shown(share.low * 100, 0)) – \(shown(share.high * 100, 0))"),
          RichText(plain: "\(one.mixture.centers)"),
          RichText(plain: shown(one.mixture.misfit * 100, 0)),
        ]
      }
    }
    let remarks = Set(mixtures.flatMap(\.mixture.warnings)).sorted()
    return [
      .table(
        Table(
          caption:
            "Surroundings of \(mixtures.map(\.center).joined(separator: " and ")) as a mixture.",
          header: [
            "centre", "partners", "phase", "share (%)", "95 % band", "centres", "misfit (%)",
          ], rows: rows,
          alignment: [.left, .left, .left, .right, .right, .right, .right],
          notes: [
            """
            Densities of partners around a centre over the production, up to \
            \(trimmed(PhaseMeasurement.mixtureRadius)) Å, fitted by those of the phases at \
            \(temperature); shares are of the centres. What no reference has is unassigned. The \
            misfit is what of the structure the fit does not show.
            """
          ] + remarks.map { RichText(plain: $0) })),
      try figures.draw(
        .panels(
          PanelFigure(
            charts: mixtures.flatMap { one in
              one.mixture.curves.map { chart($0, one, of: electrolyte) }
            },
            columns: 1, panelHeight: 150)),
        "mixture-\(electrolyte.name)",
        caption: """
          Partners around a centre at the contact of \(name(electrolyte)), and what they are made \
          up of.
          """),
    ]
  }

  private func chart(
    _ curve: PhaseMixture.Curve, _ one: MixtureAnalysis,
    of electrolyte: StudyConfiguration.Electrolyte
  ) -> Chart {
    let parts = zip(one.mixture.phases, curve.phases_per_A3).filter { $0.0.share > 0.005 }
      .map { share, values in
        Series(
          name: ChemicalText.unicode(share.name), x: curve.r_A, y: values,
          style: share.name == electrolyte.name ? .dashed : .line, color: color(of: share.name),
          width: 1.5)
      }
    let fit = curve.r_A.indices.map { bin in
      curve.phases_per_A3.reduce(curve.unassigned_per_A3[bin]) { $0 + $1[bin] }
    }
    return Chart(
      title: "\(curve.pair.joined(separator: "–"))", x: Axis("r", unit: "Å", range: 1...7),
      y: Axis("Partners", unit: "Å⁻³"),
      series: parts + [
        Series(
          name: "unassigned", x: curve.r_A, y: curve.unassigned_per_A3,
          color: Color(0x8B4513), width: 1.5),
        Series(
          name: "fit", x: curve.r_A, y: fit, color: .black, width: 1),
        Series(
          name: "contact", x: curve.r_A, y: curve.density_per_A3,
          color: Palette.system(electrolyte.anion), width: 2.5),
      ])
  }
}
