import Thermodynamics
import Workflows

extension Window {
  /// Draws the profile, with the intact basis beside that of the elements, and says what was drawn.
  func draw(_ stability: ElectrolyteStability, _ table: EntryTable, to folder: String) throws {
    let elements =
      intact.isEmpty
      ? []
      : [
        try ElectrolyteStability(
          of: formula, in: table, workingIon: try entryOptions.ion(),
          energy: try energyOptions.choice())
      ]
    let drawn = try StabilityFigure(elements + [stability]).write(to: folder)
    common.say("drawn: " + drawn.pictures.map { "\(folder)/\($0)" }.joined(separator: ", "))
    for line in drawn.key {
      let end = line.to.map { " to \(fixed($0, 3)) V" } ?? " V on"
      common.say("  \(line.number): \(fixed(line.from, 3))\(end): \(line.phases)")
    }
  }
}
