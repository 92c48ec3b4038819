import Atomistics
import CKernels

/// The memory in which the kernel works on one set of atoms: sites, candidates, sums of forces.
final class NEPWorkspace: @unchecked Sendable {
  // Unchecked because of the pointers: it belongs to one evaluator at a time.
  private let instructions: NEPInstructions
  private let tables: NEPTables
  private let slots: [UInt8]
  private let periodic: [UInt8]
  private let ranges: ListRanges
  private let threads: Int
  private let isGraded: Bool
  private let system: UnsafeMutablePointer<ik_system>
  /// What each worker has to itself, so that no memory wanders from core to core.
  private var workers: [NEPWorker]

  init(_ calculator: SinglePrecisionNEP, _ structure: Structure, _ margins: ListMargins) {
    instructions = calculator.instructions
    let reference = calculator.reference
    let assignment = structure.species.map { reference.index(of: $0) }
    let present = Set(assignment).sorted()
    tables = NEPTables(reference, present: present)
    var slot: [Int: UInt8] = [:]
    for (place, index) in present.enumerated() { slot[index] = UInt8(place) }
    slots = assignment.map { slot[$0]! }
    periodic = structure.periodic.map { $0 ? 1 : 0 }
    ranges = ListRanges(
      slots, margins, radial: reference.cutoff, angular: reference.header.angularCutoffs.max()!)
    threads = reference.threads
    isGraded = reference.activeSet != nil
    system = .allocate(capacity: 1)
    system.initialize(to: ik_system())
    let gradedRows = isGraded ? present.count * Int(tables.pointer.pointee.neurons) : nil
    workers = (0..<threads).map { _ in NEPWorker(gradedRows: gradedRows) }
  }

  deinit {
    ik_system_free(system)
    system.deallocate()
  }

  /// Lists the candidates of every atom at the positions of `structure`.
  func build(_ structure: Structure) {
    build(structure, origin: ListOrigin(structure))
  }

  /// Lists the candidates as they were at `origin`; the sites then stand where `structure` has them.
  func build(_ structure: Structure, origin: ListOrigin) {
    let matrix = origin.lattice.flat
    let inverse = origin.lattice.inverse.flat
    let range = ranges.longest
    let instructions = instructions
    origin.positions.withUnsafeBufferPointer { positions in
      let failed = ik_system_build(
        system, Int32(slots.count), positions.doubles, Vector3.stride, slots, matrix, inverse,
        periodic, range)
      precondition(failed == 0, "no memory for the neighbours of \(slots.count) atoms")
      instructions.kernel.locate(system, positions.doubles, Vector3.stride, matrix)
      instructions.kernel.place(system)
    }
    let shared = SharedSystem(pointer: system)
    let ranges = ranges
    withWorkers(threads, chunks: Int(system.pointee.chunks)) { _, share in
      while let chunk = share.next() {
        instructions.kernel.search(shared.pointer, Int32(chunk), ranges.pointer)
      }
    }
    reserve()
  }

  func evaluate(_ structure: Structure) -> Evaluation {
    let count = slots.count
    let matrix = structure.lattice.flat
    ik_system_translate(system, matrix)
    structure.positions.withUnsafeBufferPointer { positions in
      instructions.kernel.locate(system, positions.doubles, Vector3.stride, matrix)
    }
    for worker in workers { worker.hasWorked = false }
    var grades = [Double](repeating: 0, count: isGraded ? count : 0)
    grades.withUnsafeMutableBufferPointer { run(grades: isGraded ? $0.baseAddress : nil) }
    let (energies, forces) = sums()
    return Evaluation(
      energies: energies, forces: forces, stress: stress(structure.volume),
      grades: isGraded ? grades : nil)
  }

  private func run(grades: UnsafeMutablePointer<Double>?) {
    let (workers, instructions) = (workers, instructions)
    let model = SharedModel(pointer: tables.pointer, grades: grades)
    let pairs = (slots.count + Int(IK_PAIR) - 1) / Int(IK_PAIR)
    withWorkers(threads, chunks: pairs) { index, share in
      let worker = workers[index]
      let own = worker.system
      let kernel = instructions.kernel
      kernel.place(own)
      worker.grading?.pointee.grades = model.grades
      worker.virial.base.update(repeating: 0, count: 6)
      while let pair = share.next() {
        kernel.evaluate(
          model.pointer, own, Int32(pair), worker.scratch.base, worker.forces.base,
          worker.virial.base, worker.grading)
      }
      if let grading = worker.grading { kernel.grade(model.pointer, grading) }
      kernel.fold(own, worker.forces.base, worker.sums.base)
      worker.hasWorked = true
    }
  }

  /// Energies and forces of all workers; each sum is exact, so that their order does not matter.
  private func sums() -> ([Double], [Vector3]) {
    let count = slots.count
    var energies: [Double] = []
    let forces = [Vector3](unsafeUninitializedCapacity: count) { forces, initialized in
      energies = [Double](unsafeUninitializedCapacity: count) { energies, initialized in
        let parts = workers.filter(\.hasWorked).map {
          UnsafePointer($0.sums.base) as UnsafePointer?
        }
        let numbers = UnsafeMutableRawPointer(forces.baseAddress!)
        ik_add_sums(
          system, Int32(parts.count), parts, numbers.assumingMemoryBound(to: Double.self),
          energies.baseAddress!)
        initialized = count
      }
      initialized = count
    }
    return (energies, forces)
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
    for (index, worker) in workers.enumerated() {
      worker.reserve(system.pointee, scratchBytes: bytes, isFirst: index == 0)
    }
  }

  private func stress(_ volume: Double) -> Matrix3 {
    var (diagonal, rest) = (Vector3.zero, Vector3.zero)
    for worker in workers where worker.hasWorked {
      let virial = worker.virial.base
      diagonal += Vector3(virial[0], virial[1], virial[2])
      rest += Vector3(virial[3], virial[4], virial[5])
    }
    return (1 / volume)
      * Matrix3(
        Vector3(diagonal.x, rest.z, rest.y), Vector3(rest.z, diagonal.y, rest.x),
        Vector3(rest.y, rest.x, diagonal.z))
  }
}

private struct SharedSystem: @unchecked Sendable {
  // Unchecked because of the pointer: each chunk writes its own part.
  let pointer: UnsafeMutablePointer<ik_system>
}

/// What all workers see of one evaluation.
private struct SharedModel: @unchecked Sendable {
  // Unchecked because of the pointers: a chunk writes its own atoms' grades.
  let pointer: UnsafePointer<ik_nep_model>
  /// Null if atoms are not graded.
  let grades: UnsafeMutablePointer<Double>?
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
    [
      self[0].x, self[0].y, self[0].z, self[1].x, self[1].y, self[1].z, self[2].x, self[2].y,
      self[2].z,
    ]
  }
}

extension Lattice {
  fileprivate var flat: [Double] { matrix.flat }
}
