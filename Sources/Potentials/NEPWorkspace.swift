import Atomistics
import CKernels

/// The memory in which the kernel works on one set of atoms: sites, candidates, sums of forces.
final class NEPWorkspace: @unchecked Sendable {
  // Unchecked because of the pointers: it belongs to one evaluator at a time.
  private let instructions: NEPInstructions
  private let tables: NEPTables
  private let slots: [UInt8]
  private let periodic: [UInt8]
  private let cutoff: Double
  private let angularCutoff: Double
  private let skin: Double
  private let threads: Int
  private let isGraded: Bool
  private let system: UnsafeMutablePointer<ik_system>
  /// Sums of forces, one block of sites per thread; all zero between evaluations.
  private var forces: UnsafeMutablePointer<Double>
  private var forceCapacity = 0
  private var scratch: UnsafeMutablePointer<UInt8>
  private var scratchCapacity = 0
  private var scratchStride = 0

  init(_ calculator: SinglePrecisionNEP, _ structure: Structure, skin: Double) {
    instructions = calculator.instructions
    let reference = calculator.reference
    let assignment = structure.species.map { reference.index(of: $0) }
    let present = Set(assignment).sorted()
    tables = NEPTables(reference, present: present)
    var slot: [Int: UInt8] = [:]
    for (place, index) in present.enumerated() { slot[index] = UInt8(place) }
    slots = assignment.map { slot[$0]! }
    periodic = structure.periodic.map { $0 ? 1 : 0 }
    cutoff = reference.cutoff
    angularCutoff = reference.header.angularCutoffs.max()!
    self.skin = skin
    threads = reference.threads
    isGraded = reference.activeSet != nil
    system = .allocate(capacity: 1)
    system.initialize(to: ik_system())
    forces = .allocate(capacity: 1)
    scratch = .allocate(capacity: 1)
  }

  deinit {
    ik_system_free(system)
    system.deallocate()
    forces.deallocate()
    scratch.deallocate()
  }

  /// Lists the candidates of every atom at the positions of `structure`.
  func build(_ structure: Structure) {
    build(structure, origin: ListOrigin(structure))
  }

  /// Lists the candidates as they were at `origin`; the sites then stand where `structure` has them.
  func build(_ structure: Structure, origin: ListOrigin) {
    let matrix = origin.lattice.flat
    let inverse = origin.lattice.inverse.flat
    let range = cutoff + skin
    origin.positions.withUnsafeBufferPointer { positions in
      let failed = ik_system_build(
        system, Int32(slots.count), positions.doubles, Vector3.stride, slots, matrix, inverse,
        periodic, range)
      precondition(failed == 0, "no memory for the neighbours of \(slots.count) atoms")
    }
    let shared = SharedSystem(pointer: system)
    let instructions = instructions
    let near = Float(min(angularCutoff, cutoff) + skin)
    parallelFor(chunks: Int(system.pointee.chunks), workers: threads) { chunk, _ in
      instructions.kernel.search(shared.pointer, Int32(chunk), near, Float(range))
    }
    reserve()
  }

  func evaluate(_ structure: Structure) -> Evaluation {
    let count = slots.count
    structure.positions.withUnsafeBufferPointer {
      ik_system_move(system, $0.doubles, Vector3.stride, structure.lattice.flat)
    }
    let chunks = Int(system.pointee.chunks)
    var virials = [Double](repeating: 0, count: 6 * chunks)
    var grades = [Double](repeating: 0, count: isGraded ? count : 0)
    let energies = [Double](unsafeUninitializedCapacity: count) { energies, initialized in
      virials.withUnsafeMutableBufferPointer { virials in
        grades.withUnsafeMutableBufferPointer { grades in
          run(
            chunks, energies.baseAddress!, virials.baseAddress!,
            isGraded ? grades.baseAddress! : nil)
        }
      }
      initialized = count
    }
    let sums = [Vector3](unsafeUninitializedCapacity: count) { sums, initialized in
      UnsafeMutableRawPointer(sums.baseAddress!).withMemoryRebound(
        to: Double.self, capacity: 4 * count
      ) { ik_system_collect(system, forces, Int32(threads), $0, Vector3.stride) }
      initialized = count
    }
    return Evaluation(
      energies: energies, forces: sums, stress: stress(virials, volume: structure.volume),
      grades: isGraded ? grades : nil)
  }

  private func run(
    _ chunks: Int, _ energies: UnsafeMutablePointer<Double>,
    _ virials: UnsafeMutablePointer<Double>, _ grades: UnsafeMutablePointer<Double>?
  ) {
    let work = SharedWork(
      system: system, model: tables.pointer, energies: energies, virials: virials, grades: grades,
      forces: forces, scratch: scratch)
    let block = 4 * Int(system.pointee.sites)
    let (instructions, stride) = (instructions, scratchStride)
    parallelFor(chunks: chunks, workers: threads) { chunk, worker in
      instructions.kernel.evaluate(
        work.model, work.system, Int32(chunk), work.scratch + worker * stride,
        work.forces + worker * block, work.energies, work.virials + 6 * chunk, work.grades)
    }
  }

  /// Memory for the sums of this many sites and for the longest list.
  private func reserve() {
    var most = 0
    for k in 0..<Int(system.pointee.count) {
      let centre = system.pointee.centres[k]
      most = max(most, Int(centre.near) + Int(centre.far))
    }
    let lanes = Int(IK_LANES)
    most = (most + lanes - 1) / lanes * lanes + 2 * lanes
    // Room for lists that grow a little, so that memory is taken seldom.
    if most > Int(system.pointee.most_candidates) {
      system.pointee.most_candidates = Int32((most + most / 4) / lanes * lanes)
    }
    let bytes = Int(
      instructions.kernel.scratch_bytes(tables.pointer, system.pointee.most_candidates))
    scratchStride = (bytes + 127) / 64 * 64
    Self.grow(&scratch, &scratchCapacity, to: threads * scratchStride)
    Self.grow(&forces, &forceCapacity, to: threads * 4 * Int(system.pointee.sites))
  }

  private static func grow<Number: Numeric>(
    _ memory: inout UnsafeMutablePointer<Number>, _ capacity: inout Int, to needed: Int
  ) {
    guard needed > capacity else { return }
    memory.deallocate()
    capacity = needed + needed / 8
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Number>.stride, alignment: 64
    ).bindMemory(to: Number.self, capacity: capacity)
    memory.initialize(repeating: 0, count: capacity)
  }

  private func stress(_ virials: [Double], volume: Double) -> Matrix3 {
    var v = [Double](repeating: 0, count: 6)
    for (k, value) in virials.enumerated() { v[k % 6] += value }
    return (1 / volume)
      * Matrix3(
        Vector3(v[0], v[5], v[4]), Vector3(v[5], v[1], v[3]), Vector3(v[4], v[3], v[2]))
  }
}

private struct SharedSystem: @unchecked Sendable {
  // Unchecked because of the pointer: each chunk writes its own part.
  let pointer: UnsafeMutablePointer<ik_system>
}

private struct SharedWork: @unchecked Sendable {
  // Unchecked because of the pointers: a chunk writes its own atoms' energies and grades, its own virial, a
  // worker its own forces and scratch.
  let system: UnsafePointer<ik_system>
  let model: UnsafePointer<ik_nep_model>
  let energies: UnsafeMutablePointer<Double>
  let virials: UnsafeMutablePointer<Double>
  let grades: UnsafeMutablePointer<Double>?
  let forces: UnsafeMutablePointer<Double>
  let scratch: UnsafeMutablePointer<UInt8>
}

extension Vector3 {
  /// How many numbers one takes up in an array.
  fileprivate static var stride: Int32 {
    Int32(MemoryLayout<Vector3>.stride / MemoryLayout<Double>.stride)
  }
}

extension UnsafeBufferPointer<Vector3> {
  fileprivate var doubles: UnsafePointer<Double> {
    UnsafeRawPointer(baseAddress!).assumingMemoryBound(to: Double.self)
  }
}

extension Matrix3 {
  /// Its nine numbers row by row.
  fileprivate var flat: [Double] {
    (0..<3).flatMap { [self[$0].x, self[$0].y, self[$0].z] }
  }
}

extension Lattice {
  fileprivate var flat: [Double] { matrix.flat }
}
