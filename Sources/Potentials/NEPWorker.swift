import CKernels

/// One worker's own memory: where the sites are, its sums of forces, its scratch.
final class NEPWorker: @unchecked Sendable {
  // Unchecked because of the memory: one thread at a time works as this worker.

  /// A copy of the system that shares everything but its points.
  let system: UnsafeMutablePointer<ik_system>
  /// Sums of forces on sites, zero between evaluations.
  let forces = AlignedMemory<Double>()
  /// Forces and energy of the last evaluation by centre, four numbers each.
  let sums = AlignedMemory<Double>()
  /// Six numbers in a line of memory of their own.
  let virial = AlignedMemory<Double>()
  let scratch = AlignedMemory<UInt8>()
  /// Whether it took part in the evaluation.
  var hasWorked = false
  /// Rows of the hidden layer's outputs that wait for their grades; nil if atoms are not graded.
  let grading: UnsafeMutablePointer<ik_grading>?
  private let hidden = AlignedMemory<Float>()
  private let points = AlignedMemory<Int32>()

  /// - Parameter gradedRows: the numbers in one row of hidden outputs for each species.
  init(gradedRows: Int?) {
    system = .allocate(capacity: 1)
    system.initialize(to: ik_system())
    grading = gradedRows.map { _ in .allocate(capacity: 1) }
    grading?.initialize(to: ik_grading())
    virial.reserve(16)
    hidden.reserve((gradedRows ?? 0) * Int(IK_BLOCK))
    grading?.pointee.hidden = hidden.base
  }

  deinit {
    system.deallocate()
    grading?.deallocate()
  }

  /// Takes over the sites of a system that was built anew; the first worker its points too, the
  /// others bring their own to where the homes are.
  func reserve(_ built: ik_system, scratchBytes: Int, isFirst: Bool) {
    let sites = Int(built.sites)
    forces.reserve(4 * sites)
    sums.reserve(4 * Int(built.count))
    scratch.reserve(scratchBytes)
    system.pointee = built
    guard !isFirst else { return }
    points.reserve(4 * sites)
    system.pointee.points = UnsafeMutableRawPointer(points.base)
      .assumingMemoryBound(to: (Int32, Int32, Int32, Int32).self)
  }
}

/// Memory that begins with a cache line and only grows; what is new is zero.
final class AlignedMemory<Number: Numeric> {
  private(set) var base: UnsafeMutablePointer<Number>
  private var capacity = 0

  init() { base = .allocate(capacity: 1) }

  deinit { base.deallocate() }

  /// Makes room; what was in it is lost if it has to grow.
  func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    base.deallocate()
    capacity = needed + needed / 8
    base = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Number>.stride, alignment: 64
    ).bindMemory(to: Number.self, capacity: capacity)
    base.initialize(repeating: 0, count: capacity)
  }
}
