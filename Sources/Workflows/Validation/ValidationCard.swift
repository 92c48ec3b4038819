import Foundation

/// `model-card.md`: what a potential is, where it comes from, how it does, and what nobody has looked at
/// (Mitchell et al., Model Cards for Model Reporting, 2019, doi 10.1145/3287560.3287596).
struct ValidationCard {
  private let result: ValidationResult

  init(_ result: ValidationResult) { self.result = result }

  var text: String {
    let potential = result.validation.potential
    var parts = ["# Model card: \(potential.name)", list(potential.form), "## Training"]
    if let training = potential.training {
      parts += [list(training.facts), "```\n\(training.input.trimmed)\n```"]
    } else {
      parts.append("The directory of the file does not tell how it was made.")
    }
    parts.append("## Held against")
    parts.append(list(ValidationCard.sources(result)))
    for table in result.shownTables {
      parts += ["## \(ValidationPage.heading(table.name))", table.caption, table.markdown.trimmed]
    }
    if !result.troubles.isEmpty { parts += ["## What failed", list(result.troubles)] }
    parts += ["## Not tested", list(result.untested)]
    parts.append(
      "Written by `interphase learn validate` \(InterphaseVersion.current). Methods: "
        + "Documentation/Learning.md.")
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// What the numbers are against, each a sentence.
  static func sources(_ result: ValidationResult) -> [String] {
    var lines: [String] = []
    if let all = result.errors?.groups.first {
      let files = result.labels.map { URL(fileURLWithPath: $0).lastPathComponent }
      lines.append(
        "Labels: \(all.frames) frames, \(all.atoms) atoms, \(all.trajectories) trajectories of "
          + files.joined(separator: ", ") + ".")
    }
    if let reference = result.validation.reference, !result.crystals.isEmpty {
      lines.append(
        "Crystals: \(result.crystals.count), by \(reference.name) (`\(reference.sha256.prefix(8))`)."
      )
    }
    return lines
  }

  private func list(_ items: [String]) -> String {
    items.map { "- \($0.split(whereSeparator: \.isNewline).joined(separator: " "))" }
      .joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
