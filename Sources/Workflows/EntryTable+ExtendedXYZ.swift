import Atomistics
import FileFormats
import Thermodynamics

extension EntryTable {
  /// An entry from each frame of extended XYZ, whose frames may hold different atoms.
  ///
  /// The energy is the frame's `energy` (eV, total); the identifier is its `material_id`,
  /// `entry_id`, `id` or `config_type`, the functional its `functional`. A correction is not told.
  ///
  /// - Throws: `ThermodynamicsError.badTable` with the frame, `FileFormatsError.badFile`.
  init(extendedXYZ text: String, name: String) throws {
    var frames = ExtendedXYZ().frames(of: LineReader(text: text, path: name))
    var entries: [ComputedEntry] = []
    while let frame = try frames.next() {
      entries.append(try Self.entry(of: frame, number: entries.count + 1, name: name))
    }
    self.init(name: name, entries: entries, scale: .total)
  }

  private static func entry(
    of frame: RecordedFrame, number: Int, name: String
  ) throws -> ComputedEntry {
    let species = frame.structure.species.sorted()
    let composition = Composition(species.map { ($0, 1) }).reduced
    func bad(_ reason: String) -> ThermodynamicsError {
      .badTable(name: name, line: nil, reason: "frame \(number) (\(composition.formula)) \(reason)")
    }
    guard let energy = frame.energy else {
      throw bad("has no energy; expected energy=... in eV on its second line")
    }
    let perAtom = energy / Double(species.count)
    guard perAtom.isFinite, abs(perAtom) < 1e6 else { throw bad("has the energy \(energy) eV") }
    let id = ["material_id", "entry_id", "id", "config_type"].compactMap { frame.notes[$0] }.first
    return ComputedEntry(
      formula: composition.formula, composition: composition, energyPerAtom: perAtom, id: id,
      source: number, functional: frame.notes["functional"])
  }
}
