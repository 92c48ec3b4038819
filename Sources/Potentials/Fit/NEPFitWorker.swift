import CKernels

/// What one place of a batch has to itself: the slopes of the loss along the parameters, and memory
/// of the kernel.
final class NEPFitWorker: @unchecked Sendable {
  // Unchecked because of the pointers: one thread at a time.
  let gradient: UnsafeMutablePointer<Float>
  private(set) var errors = NEPFitErrors()
  private let shape: NEPFitShape
  private let memory: UnsafeMutablePointer<Float>
  private let forces: UnsafeMutablePointer<Float>

  /// For frames of at most so many atoms, and so many blocks of neighbours of one of them.
  init(_ shape: NEPFitShape, _ kernel: ik_fit_kernel, atoms: Int, blocks: Int) {
    self.shape = shape
    gradient = .allocate(capacity: shape.count)
    memory = .allocate(capacity: kernel.numbers(shape.model, Int32(atoms), Int32(blocks)) + 8)
    forces = .allocate(capacity: 3 * atoms + 8)
  }

  deinit {
    gradient.deallocate()
    memory.deallocate()
    forces.deallocate()
  }

  func clear() { gradient.update(repeating: 0, count: shape.count) }

  /// The model's errors on a frame; its descriptors stay for `descriptor`.
  func evaluate(
    _ frame: NEPFitFrame, _ kernel: ik_fit_kernel, _ parameters: UnsafePointer<Float>
  ) -> (energy: Double, virial: [Double]) {
    var energy = 0.0
    var virial = [Double](repeating: 0, count: 6)
    kernel.forward(shape.model, parameters, frame.frame, memory, &energy, forces, &virial)
    errors = NEPFitErrors()
    let perAtom = (energy - frame.energy) / Double(frame.atomCount)
    errors.energySquares = perAtom * perAtom
    errors.frames = 1
    errors.components = frame.forces.count
    for (k, label) in frame.forces.enumerated() {
      let difference = forces[k] - label
      errors.forceSquares += Double(difference * difference)
      forces[k] = difference
    }
    if let label = frame.virial {
      errors.virials = 1
      for k in 0..<6 {
        virial[k] -= label[k]
        let perAtom = virial[k] / Double(frame.atomCount)
        errors.virialSquares += perAtom * perAtom
      }
    }
    return (energy - frame.energy, virial)
  }

  func descriptor(_ kernel: ik_fit_kernel, _ atom: Int) -> UnsafePointer<Float> {
    UnsafePointer(memory + kernel.descriptor(shape.model, Int32(atom)))
  }

  /// Adds the slopes of a frame's part of the loss.
  func addSlopes(
    of loss: NEPFitLoss, _ frame: NEPFitFrame, frames: Int, weightedAtoms: Double,
    _ kernel: ik_fit_kernel, _ parameters: UnsafePointer<Float>
  ) {
    let (energy, virial) = evaluate(frame, kernel, parameters)
    let atoms = Double(frame.atomCount)
    let force = Float(2 * loss.force * frame.weight / (3 * weightedAtoms))
    for k in 0..<frame.forces.count { forces[k] *= force }
    let perFrame = 2 * frame.weight / (atoms * atoms * Double(frames))
    let virialFactor = frame.virial == nil ? 0 : perFrame * loss.virial / 6
    let virialSlopes = virial.map { Float($0 * virialFactor) }
    kernel.backward(
      shape.model, parameters, frame.frame, memory, Float(perFrame * loss.energy * energy), forces,
      virialSlopes, gradient)
  }
}
