import Atomistics

/// What surrounds the atoms of a frame: a row of numbers for each, sorted by element.
///
/// Rows are single precision, filled up with zeros to whole vectors.
public struct FrameEnvironments: Sendable {
  struct Part: Sendable {
    let element: Element
    /// The atoms that the rows are of, counted from 0.
    let atoms: [Int]
    var rows: [Float]
  }

  /// How many numbers a row has, zeros not counted.
  public let width: Int
  var parts: [Part]

  static func padded(_ width: Int) -> Int { (width + 7) / 8 * 8 }

  /// - Parameter rows: one of `width` numbers for each atom.
  public init(species: [Element], rows: [Double], width: Int) {
    precondition(rows.count == species.count * width, "a row per atom")
    self.width = width
    let padded = Self.padded(width)
    parts = Set(species).sorted().map { element in
      let atoms = species.indices.filter { species[$0] == element }
      var numbers = [Float](repeating: 0, count: atoms.count * padded)
      for (k, atom) in atoms.enumerated() {
        for d in 0..<width { numbers[k * padded + d] = Float(rows[atom * width + d]) }
      }
      return Part(element: element, atoms: atoms, rows: numbers)
    }
  }
}

/// Frames in the order in which each is the one farthest from all before it.
///
/// The distance of two atoms of one element is that of their rows, d² = Σ_k (a_k − b_k)²/K; an atom's from
/// the chosen ones is the least of these; a frame's the largest of its atoms', so that one environment
/// that is new makes it far. A frame with an element that no chosen one has is infinitely far. Of equally far
/// ones the first is taken.
///
/// Distances can only fall as frames are chosen, so that an old one is a bound: a frame is looked at
/// again only once its bound is the largest. What is found is what looking at all would find.
public struct FarthestFrames: Sendable {
  public struct Choice: Sendable, Hashable {
    /// Its number among the frames, from 0.
    public let frame: Int
    /// Infinite for the first with an element.
    public let distance: Double
    /// Over its atoms.
    public let meanDistance: Double
    /// The atom that is that far, counted from 0.
    public let atom: Int
  }

  private struct State: Sendable {
    /// For each part, each atom's least squared distance from the chosen ones that were looked at.
    var nearest: [[Float]]
    /// How many chosen rows were looked at, for each part.
    var seen: [Int]
    var bound = Float.infinity
    /// How many frames were chosen when it was looked at last.
    var version = 0
    var isChosen = false
  }

  private let frames: [FrameEnvironments]
  private let threads: Int
  private let padded: Int
  private let width: Int
  /// The rows of all chosen frames.
  private var rows: [Element: [Float]] = [:]
  private var states: [State]
  private var version = 0

  /// - Parameters:
  ///   - frames: all of one width.
  ///   - known: what counts as chosen from the start.
  public init(
    _ frames: [FrameEnvironments], known: [FrameEnvironments] = [], threads: Int = 1
  ) {
    width = frames.first?.width ?? 1
    padded = FrameEnvironments.padded(width)
    self.frames = frames
    self.threads = threads
    states = frames.map { frame in
      State(
        nearest: frame.parts.map { Array(repeating: .infinity, count: $0.atoms.count) },
        seen: frame.parts.map { _ in 0 })
    }
    for frame in known { add(frame) }
  }

  private mutating func add(_ frame: FrameEnvironments) {
    precondition(frame.width == width, "rows of one width")
    for part in frame.parts { rows[part.element, default: []] += part.rows }
    version += 1
  }

  /// The frame that is farthest from the chosen ones; nil if all are chosen.
  public mutating func farthest() -> Choice? {
    while true {
      var (top, current) = (-1, -Float.infinity)
      for (k, state) in states.enumerated() where !state.isChosen {
        if top < 0 || state.bound > states[top].bound { top = k }
        if state.version == version { current = max(current, state.bound) }
      }
      guard top >= 0 else { return nil }
      if states[top].version == version { return choice(top) }
      update(stale(above: current))
    }
  }

  /// Takes a frame among the chosen ones.
  public mutating func choose(_ frame: Int) {
    precondition(!states[frame].isChosen, "a frame is chosen once")
    states[frame].isChosen = true
    states[frame].nearest = []
    add(frames[frame])
  }

  /// How many frames are not chosen and nearer than this to those that are, by what is known of them.
  public func remaining(nearerThan distance: Double) -> Int {
    let limit = Float(distance * distance * Double(width))
    return states.count { !$0.isChosen && $0.bound < limit }
  }

  /// Frames that have to be looked at again, those of the largest bounds first, no more than keep all
  /// threads at work.
  private func stale(above current: Float) -> [Int] {
    let all = states.indices.filter {
      !states[$0].isChosen && states[$0].version < version && states[$0].bound >= current
    }
    return Array(
      all.sorted { (states[$1].bound, $0) < (states[$0].bound, $1) }.prefix(16 * threads))
  }

  private mutating func update(_ stale: [Int]) {
    let slots = UnsafeMutablePointer<State>.allocate(capacity: stale.count)
    for (k, frame) in stale.enumerated() { (slots + k).initialize(to: states[frame]) }
    let shared = Slots(states: slots)
    parallelFor(chunks: stale.count, threads: threads) { [self] k in
      look(at: frames[stale[k]], &shared.states[k])
    }
    for (k, frame) in stale.enumerated() { states[frame] = slots[k] }
    slots.deinitialize(count: stale.count)
    slots.deallocate()
  }

  private struct Slots: @unchecked Sendable {
    // Unchecked because of the pointer: each chunk writes its own slot.
    let states: UnsafeMutablePointer<State>
  }

  private func look(at frame: FrameEnvironments, _ state: inout State) {
    var bound: Float = 0
    for (k, part) in frame.parts.enumerated() {
      if let chosen = rows[part.element] {
        lower(&state.nearest[k], part, to: chosen, from: state.seen[k])
        state.seen[k] = chosen.count / padded
      }
      bound = max(bound, state.nearest[k].max() ?? 0)
    }
    state.bound = bound
    state.version = version
  }

  private func lower(
    _ nearest: inout [Float], _ part: FrameEnvironments.Part, to chosen: [Float], from first: Int
  ) {
    let end = chosen.count / padded
    part.rows.withUnsafeBytes { own in
      chosen.withUnsafeBytes { others in
        for atom in part.atoms.indices {
          let row = own.baseAddress! + 4 * atom * padded
          var best = nearest[atom]
          for other in first..<end {
            best = min(best, squaredDistance(row, others.baseAddress! + 4 * other * padded))
          }
          nearest[atom] = best
        }
      }
    }
  }

  @inline(__always)
  private func squaredDistance(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> Float {
    var sum = SIMD8<Float>.zero
    var offset = 0
    while offset < 4 * padded {
      let difference =
        a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        - b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
      sum += difference * difference
      offset += 32
    }
    let four = sum.lowHalf + sum.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  private func choice(_ frame: Int) -> Choice {
    let state = states[frame]
    var (sum, count, atom) = (0.0, 0, 0)
    var largest = -Float.infinity
    for (part, nearest) in zip(frames[frame].parts, state.nearest) {
      for (k, squared) in nearest.enumerated() {
        sum += (Double(squared) / Double(width)).squareRoot()
        count += 1
        if squared > largest { (largest, atom) = (squared, part.atoms[k]) }
      }
    }
    return Choice(
      frame: frame, distance: (Double(state.bound) / Double(width)).squareRoot(),
      meanDistance: sum / Double(max(count, 1)), atom: atom)
  }
}
