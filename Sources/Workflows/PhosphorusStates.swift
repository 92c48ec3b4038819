import Analysis
import Atomistics
import FileFormats
import Foundation

extension StudyRun {
  /// Formal oxidation states of P by layer and time over trajectories that follow one another, counted
  /// from bonds; the times of each part begin at its offset (fs). Nil where there is no P.
  static func phosphorusStates(
    _ parts: [(file: URL, offset: Double)]
  ) throws -> LayerCharges? {
    guard let phosphorus = Element("P") else { return nil }
    var found: (count: FormalOxidationState, map: LayerChargeMap)?
    for part in parts {
      var reader = try TrajectoryReader(path: part.file.path)
      while var frame = try reader.next() {
        frame.time += part.offset
        if found == nil {
          guard frame.structure.species.contains(phosphorus) else { return nil }
          let count = try FormalOxidationState(of: phosphorus, in: frame.structure)
          found = (count, try LayerChargeMap(phosphorus, kind: count.kind))
        }
        guard let states = found?.count.states(in: frame.structure) else { continue }
        try found?.map.consume(frame, charges: states)
      }
    }
    return try found?.map.result()
  }
}
