import Analysis
import Atomistics
import Foundation
import Report

/// Charges by layer and time as maps in colour, as in Fig. 5 of the paper: time to the right, depth
/// upwards, the contact plane at 0.
public struct LayerChargeFigure: Sendable {
  /// What the colours stand for.
  public enum Quantity: Sendable {
    /// `LayerCharges.changeOfAtoms`: of the atoms that are in the layer, each since the first time bin.
    case change
    /// `LayerCharges.mean`.
    case value
  }

  public let map: ColorMap

  /// - Parameter items: a title and the charges of each panel, all of one kind.
  public init(
    _ items: [(name: String, charges: LayerCharges)], title: String? = nil,
    quantity: Quantity = .change
  ) {
    precondition(!items.isEmpty, "there is something to draw")
    let first = items[0].charges
    let noun = first.unit.isEmpty ? "oxidation state" : "charge"
    let panels = items.map { item in
      ColorMap.Panel(
        title: item.name, xEdges: Self.borders(item.charges), yEdges: item.charges.depth_A,
        values: (quantity == .change ? item.charges.changeOfAtoms : item.charges.mean)
          .map { $0.map { $0 ?? .nan } })
    }
    let isContact = first.contacts != nil
    let bottom = panels.compactMap(\.yEdges.first).min() ?? 0
    map = ColorMap(
      title: title
        ?? Self.capitalised(quantity == .change ? "change of the \(first.title)" : first.title),
      x: Axis("Time", unit: "ps"),
      y: Axis(isContact ? "Depth" : "Height", unit: "Å"),
      quantity: Axis(
        quantity == .change ? "Change of \(noun)" : Self.capitalised(noun), unit: first.unit),
      scale: quantity == .change ? .diverging : .sequential, panels: panels,
      lines: isContact && bottom < 0 ? [ReferenceLine(y: 0)] : [])
  }

  /// Draws it as an SVG file, with its data and what draws it again beside it.
  ///
  /// - Parameters:
  ///   - path: ends in `.svg`.
  ///   - table: a file that the data must not take the place of; they then are called
  ///     `NAME-figure.csv`.
  /// - Returns: the names of the files.
  /// - Throws: `WorkflowsError.figureFailed`.
  @discardableResult public func write(to path: String, besides table: String? = nil) throws
    -> [String]
  {
    let own = URL(fileURLWithPath: path).deletingPathExtension()
    let isTaken =
      table.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
      == own.appendingPathExtension("csv").standardizedFileURL.path
    return try Figure.maps(map).write(
      to: path, dataName: isTaken ? own.lastPathComponent + "-figure" : nil, example: "charges.svg")
  }

  /// Between time bins half way from the last frame of one to the first of the next.
  private static func borders(_ charges: LayerCharges) -> [Double] {
    let (from, to) = (charges.from_ps, charges.to_ps)
    let inner = zip(to, from.dropFirst()).map { ($0 + $1) / 2 }
    let (first, last) = (from.first ?? 0, to.last ?? 0)
    return [first] + inner + [last > (inner.last ?? first) ? last : first + 1]
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
