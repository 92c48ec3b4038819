import Atomistics

/// Errors of the forces on one element's atoms.
public struct ElementError: Sendable, Codable, Hashable {
  public let element: Element
  let products: ForceProducts

  /// Of every element in the frames, by atomic number.
  static func each(_ frames: [FrameDeviation]) -> [ElementError] {
    Set(frames.flatMap(\.species)).sorted().map { element in
      ElementError(
        element: element, products: ForceProducts(frames.map { ForceProducts($0, of: element) }))
    }
  }
}
