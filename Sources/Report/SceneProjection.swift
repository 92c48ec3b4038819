/// From Å in space to pixels on the picture.
struct SceneProjection {
  /// Pixels per Å.
  let scale: Double
  let width: Double
  let height: Double
  /// Left, lower corner of the drawn region, Å.
  private let origin: (u: Double, v: Double)
  private let depthRange: ClosedRange<Double>
  private let scene: Scene

  static let margin = 14.0
  /// Room above for the names of planes, below for scale bar and legend.
  static let head = 26.0
  static let foot = 58.0

  init(_ scene: Scene, width: Double = 760, maximumHeight: Double = 560) {
    self.scene = scene
    let points = scene.atoms.map(\.position) + SceneProjection.corners(scene.cell)
    let pad = (scene.atoms.map(\.radius).max() ?? 0) + 0.1
    let us = points.map { SceneProjection.component($0, scene.across) }
    let vs = points.map { SceneProjection.component($0, scene.up) }
    let spanU = (us.max() ?? 0) - (us.min() ?? 0) + 2 * pad
    let spanV = (vs.max() ?? 0) - (vs.min() ?? 0) + 2 * pad
    let room = maximumHeight - SceneProjection.head - SceneProjection.foot
    scale = min((width - 2 * SceneProjection.margin) / spanU, room / spanV)
    self.width = width
    height = spanV * scale + SceneProjection.head + SceneProjection.foot
    let spare = (width - 2 * SceneProjection.margin) / scale - spanU
    origin = ((us.min() ?? 0) - pad - spare / 2, (vs.min() ?? 0) - pad)
    let depths = scene.atoms.map { SceneProjection.depth($0.position, scene) }
    depthRange = (depths.min() ?? 0)...(depths.max() ?? 0)
  }

  /// x to the right, y downwards, as SVG has it.
  func pixel(_ position: SIMD3<Double>) -> Point {
    Point(
      x: x(across: SceneProjection.component(position, scene.across)),
      y: height - SceneProjection.foot
        - (SceneProjection.component(position, scene.up) - origin.v) * scale)
  }

  func x(across value: Double) -> Double {
    SceneProjection.margin + (value - origin.u) * scale
  }

  /// Towards the eye, Å.
  func depth(_ position: SIMD3<Double>) -> Double { SceneProjection.depth(position, scene) }

  /// 0 at the front, 1 at the back.
  func distance(_ position: SIMD3<Double>) -> Double {
    let span = depthRange.upperBound - depthRange.lowerBound
    return span > 1e-9 ? (depthRange.upperBound - depth(position)) / span : 0
  }

  /// The eight corners of the cell's box.
  static func corners(_ cell: [SIMD3<Double>]?) -> [SIMD3<Double>] {
    guard let cell else { return [] }
    return (0..<8).map { index in
      var corner = SIMD3<Double>()
      for axis in 0..<3 where index >> axis & 1 == 1 { corner += cell[axis] }
      return corner
    }
  }

  private static func component(_ p: SIMD3<Double>, _ direction: Scene.Direction) -> Double {
    p[direction.rawValue]
  }

  /// The third axis of the right-handed set (across, up, towards the eye).
  private static func depth(_ p: SIMD3<Double>, _ scene: Scene) -> Double {
    let third = 3 - scene.across.rawValue - scene.up.rawValue
    let isCyclic = (scene.across.rawValue + 1) % 3 == scene.up.rawValue
    return isCyclic ? p[third] : -p[third]
  }
}
