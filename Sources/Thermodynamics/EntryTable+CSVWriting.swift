import Atomistics

extension EntryTable {
  /// The table as comma-separated values that read back to the same entries.
  ///
  /// Numbers are the shortest that read back to the same bits.
  ///
  /// - Parameter comments: lines for the head, such as where the entries come from.
  public func csv(comments: [String] = []) -> String {
    let energy =
      switch (scale, scheme) {
      case (.total, _): "energy_eV_per_atom"
      case (.formation, let scheme?): "formation_energy_\(scheme.rawValue)_eV_per_atom"
      case (.formation, nil): "formation_energy_eV_per_atom"
      }
    let header = [
      "formula", "entry_id", energy, "correction_eV_per_atom", "corrections", "band_gap_eV",
      "functional", "correction_scheme",
    ]
    let rows = entries.map { entry in
      [
        entry.formula, entry.id ?? "", "\(entry.energyPerAtom)",
        entry.correction.map { "\($0)" } ?? "", Self.field(entry.adjustments ?? []),
        entry.bandGap.map { "\($0)" } ?? "", entry.functional ?? "", scheme?.rawValue ?? "",
      ].map(Self.quoted).joined(separator: ",")
    }
    let head = comments.map { "# " + Self.oneLine($0) }
    return (head + [header.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  private static func field(_ adjustments: [EnergyAdjustment]) -> String {
    adjustments.map { "\($0.name.replacing(";", with: ","))=\($0.energyPerAtom)" }
      .joined(separator: "; ")
  }

  private static func quoted(_ field: String) -> String {
    let line = oneLine(field)
    return line.contains(",") || line.contains("\"") || line.hasPrefix("#")
      ? "\"" + line.replacing("\"", with: "\"\"") + "\"" : line
  }

  /// Fields and comments hold no line breaks: the reader goes line by line.
  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
