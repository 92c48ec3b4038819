/// A triangle or a tetrahedron with named points in it, lines between them and, in a triangle,
/// regions: a phase diagram at one temperature.
///
/// It draws itself; see `svg()`. Coordinates are shares of the vertices and add up to one.
public struct CompositionDiagram: Sendable, Hashable {
  /// A named point.
  public struct Node: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
      case stable, unstable, target
    }

    /// A formula; it gets subscripts.
    public let name: String
    public let coordinates: [Double]
    public let kind: Kind
    /// Written small behind the name, such as an energy; may be empty.
    public let note: String
    /// Of a target and of what belongs to it.
    public let color: Color

    public init(
      _ name: String, at coordinates: [Double], kind: Kind = .stable, note: String = "",
      color: Color = Palette.ink
    ) {
      (self.name, self.coordinates, self.kind) = (name, coordinates, kind)
      (self.note, self.color) = (note, color)
    }
  }

  /// A line between two nodes, by index.
  public struct Line: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
      case tie = "tie line"
      /// From a target to what it turns into.
      case decomposition
    }

    public let first: Int
    public let second: Int
    public let kind: Kind

    public init(_ first: Int, _ second: Int, kind: Kind = .tie) {
      (self.first, self.second, self.kind) = (first, second, kind)
    }
  }

  /// A polygon within a triangle.
  public struct Region: Sendable, Hashable {
    public let corners: [[Double]]
    /// What coexists there; formulas.
    public let phases: [String]
    /// Whether it gets a letter that the key explains; not needed where its corners say it all.
    public let isLabelled: Bool

    public init(corners: [[Double]], phases: [String], isLabelled: Bool) {
      precondition(corners.count >= 3, "a region has at least three corners")
      (self.corners, self.phases, self.isLabelled) = (corners, phases, isLabelled)
    }
  }

  /// Formulas of the corners, three or four. Of a triangle the first stands on the left, the second
  /// on the right, the third on top.
  public let vertices: [String]
  public let nodes: [Node]
  public let lines: [Line]
  public let regions: [Region]
  /// Written above; may be empty.
  public let title: String
  /// What the picture shows, for those who cannot see it.
  public let description: String

  public init(
    vertices: [String], nodes: [Node], lines: [Line] = [], regions: [Region] = [],
    title: String = "", description: String = ""
  ) {
    precondition([3, 4].contains(vertices.count), "a triangle or a tetrahedron")
    precondition(regions.isEmpty || vertices.count == 3, "regions are drawn in triangles")
    for coordinates in nodes.map(\.coordinates) + regions.flatMap(\.corners) {
      precondition(
        coordinates.count == vertices.count && coordinates.allSatisfy { $0 >= -1e-6 }
          && abs(coordinates.reduce(0, +) - 1) < 1e-6, "a point lies outside the diagram")
    }
    precondition(
      lines.allSatisfy { nodes.indices.contains($0.first) && nodes.indices.contains($0.second) },
      "a line names a node that is not there")
    (self.vertices, self.nodes, self.lines) = (vertices, nodes, lines)
    (self.regions, self.title, self.description) = (regions, title, description)
  }

  /// Points, ends of lines and corners of regions, one a row.
  ///
  /// | column | what it is |
  /// |---|---|
  /// | `item` | `node`, `line` or `region` |
  /// | `number` | of the item, from 1; a line has two rows, a region one for each corner |
  /// | `kind` | of a node or a line |
  /// | `name` | a node's, at the end of a line the node's; of a region its phases |
  /// | `note` | a node's |
  /// | the vertices | shares |
  var csv: String {
    var rows = [["item", "number", "kind", "name", "note"] + vertices]
    for (number, node) in nodes.enumerated() {
      rows.append(
        ["node", "\(number + 1)", node.kind.rawValue, node.name, node.note]
          + node.coordinates.map { "\($0)" })
    }
    for (number, line) in lines.enumerated() {
      for end in [nodes[line.first], nodes[line.second]] {
        rows.append(
          ["line", "\(number + 1)", line.kind.rawValue, end.name, ""]
            + end.coordinates.map { "\($0)" })
      }
    }
    for (number, region) in regions.enumerated() {
      for corner in region.corners {
        rows.append(
          ["region", "\(number + 1)", "", region.phases.joined(separator: " + "), ""]
            + corner.map { "\($0)" })
      }
    }
    return rows.map { $0.map(FigureData.field).joined(separator: ",") }.joined(separator: "\n")
      + "\n"
  }
}
