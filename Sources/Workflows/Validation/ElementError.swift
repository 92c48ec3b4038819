import Atomistics

/// Errors of the forces on one element's atoms.
public struct ElementError: Sendable {
  public let element: Element
  let products: ForceProducts

  /// Of every element in the frames, by atomic number.
  static func each(_ frames: [FrameDeviation]) -> [ElementError] {
    Set(frames.flatMap(\.species)).sorted().map { element in
      ElementError(
        element: element,
        products: frames.reduce(into: ForceProducts()) { $0.add(ForceProducts($1, of: element)) })
    }
  }
}
