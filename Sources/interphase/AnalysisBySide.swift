import Analysis
import Atomistics

/// What an analysis says of all chosen atoms, and beside it of those of each side of the contact.
struct AnalysisBySide<Result: Encodable>: Encodable {
  let all: Result
  let regions: [String: Result]

  private enum CodingKeys: String, CodingKey { case regions }

  init<Analysis: TrajectoryAnalysis>(_ all: Analysis, sides: [Region: Analysis]) throws
  where Analysis.Result == Result {
    self.all = try all.result()
    regions = Dictionary(
      uniqueKeysWithValues: try sides.map { ($0.key.rawValue, try $0.value.result()) })
  }

  func encode(to encoder: any Encoder) throws {
    try all.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(regions, forKey: .regions)
  }

  /// What column names end with, and what belongs below them: all atoms first, without an ending.
  var columns: [(name: String, part: Result)] {
    [("", all)] + regions.sorted { $0.key < $1.key }.map { ("_\($0.key)", $0.value) }
  }
}

/// The sides that hold an element, any where it is nil; none where the structure has no regions.
func sidesHolding(_ element: Element?, in structure: Structure) -> Set<Region> {
  guard let regions = structure.regions else { return [] }
  return Set(
    zip(regions, structure.species).filter { element == nil || $0.1 == element }.map(\.0))
}
