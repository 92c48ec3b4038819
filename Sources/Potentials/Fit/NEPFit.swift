import Atomistics
import CKernels
import Foundation

/// The fit of a neuroevolution potential to labelled frames by Adam on exact gradients.
///
/// The slopes of the loss along all parameters come from one pass forward and one back over each
/// frame (`nep_fit.h` has the equations), several frames at once on `threads` threads; the bits do
/// not depend on them. The learning rate rises over the first steps and then falls as half a cosine.
///
/// Sources: Kingma and Ba, arXiv 1412.6980 (Adam); Loshchilov and Hutter, arXiv 1608.03983 (the
/// cosine); the model's are `NEPPotential`'s.
public final class NEPFit {
  public struct Schedule: Sendable, Hashable, Codable {
    public var epochs: Int
    /// Frames a step.
    public var batch: Int
    public var rate: Double
    /// The rate at the end as a share of `rate`.
    public var lowest: Double
    public var seed: Int

    public init(
      epochs: Int, batch: Int = 4, rate: Double = 0.004, lowest: Double = 0.01, seed: Int = 1
    ) {
      self.epochs = epochs
      self.batch = batch
      self.rate = rate
      self.lowest = lowest
      self.seed = seed
    }
  }

  public let header: NEPHeader
  public let schedule: Schedule
  public let loss: NEPFitLoss
  public let threads: Int
  /// Epochs that are done.
  public private(set) var epoch = 0
  let shape: NEPFitShape
  private let frames: [NEPFitFrame]
  private let kernel: ik_fit_kernel
  private let workers: [NEPFitWorker]
  /// What the workers have room for.
  private let most: (atoms: Int, blocks: Int)
  let parameters: UnsafeMutablePointer<Float>
  private let first: UnsafeMutablePointer<Float>
  private let second: UnsafeMutablePointer<Float>
  private static let firstDecay = 0.9
  private static let secondDecay = 0.999
  private static let warmUp = 100
  private static let longest = 100.0

  /// A fit from random parameters.
  ///
  /// - Parameters:
  ///   - others: frames that `errors(on:)` will be asked for.
  public init(
    _ header: NEPHeader, _ frames: [NEPFitFrame], others: [NEPFitFrame] = [],
    schedule: Schedule, loss: NEPFitLoss, threads: Int = 1,
    instructions: NEPInstructions = .available[0]
  ) {
    precondition(!frames.isEmpty && schedule.batch >= 1 && threads >= 1)
    precondition(header.version == 4, "one network per species")
    self.header = header
    self.frames = frames
    self.schedule = schedule
    self.loss = loss
    self.threads = threads
    let shape = NEPFitShape(header)
    self.shape = shape
    let kernel = instructions.kernel.fit.pointee
    self.kernel = kernel
    let all = frames + others
    let most = (atoms: all.map(\.atomCount).max()!, blocks: all.map(\.mostBlocks).max()!)
    self.most = most
    workers = (0..<max(schedule.batch, threads)).map { _ in
      NEPFitWorker(shape, kernel, atoms: most.atoms, blocks: most.blocks)
    }
    (parameters, first, second) = (
      .allocate(capacity: shape.count), .allocate(capacity: shape.count),
      .allocate(capacity: shape.count)
    )
    for memory in [parameters, first, second] {
      memory.initialize(repeating: 0, count: shape.count)
    }
    draw()
  }

  deinit { for memory in [parameters, first, second] { memory.deallocate() } }

  public var parameterCount: Int { header.parameterCount }

  private var stepsPerEpoch: Int { (frames.count + schedule.batch - 1) / schedule.batch }

  /// Random parameters; descriptors of unit spread over the frames, hidden outputs spread around the
  /// mean descriptor of each species.
  private func draw() {
    var random = RandomGenerator(
      seed: UInt64(bitPattern: Int64(schedule.seed)), stage: "parameters")
    for (from, to, count) in [
      (shape.radial, shape.angular, header.radialBasis + 1),
      (shape.angular, shape.count, header.angularBasis + 1),
    ] {
      let width = 1 / Double(count).squareRoot()
      for k in from..<to { parameters[k] = Float(width * random.gaussian()) }
    }
    let (means, spread) = statistics()
    let scale = spread.map { $0 > 1e-12 ? Float(1 / $0) : 1 }
    shape.scale = scale
    let (inputs, neurons) = (header.descriptorCount, header.neurons)
    let width = 1 / Double(inputs).squareRoot()
    for species in header.species.indices {
      let base = parameters + shape.network(of: species)
      for neuron in 0..<neurons {
        var centre = 0.0
        for d in 0..<inputs {
          let weight = width * random.gaussian()
          base[d * shape.neurons + neuron] = Float(weight)
          centre += weight * Double(scale[d]) * means[species][d]
        }
        base[inputs * shape.neurons + neuron] = Float(centre + 2 * random.uniform() - 1)
        base[(inputs + 1) * shape.neurons + neuron] = Float(
          0.1 * random.gaussian() / Double(neurons).squareRoot())
      }
    }
  }

  /// The mean descriptor of each species, and the spread about it over all atoms.
  private func statistics() -> (means: [[Double]], spread: [Double]) {
    let inputs = header.descriptorCount
    let types = header.species.count
    var sums = [[Double]](repeating: [Double](repeating: 0, count: inputs), count: types)
    var squares = sums
    var counts = [Double](repeating: 0, count: types)
    // A few hundred frames tell as much as all of them.
    for k in Swift.stride(from: 0, to: frames.count, by: max(1, frames.count / 400)) {
      let frame = frames[k]
      _ = workers[0].evaluate(frame, kernel, parameters)
      for atom in 0..<frame.atomCount {
        let species = Int(frame.frame.pointee.species[atom])
        let q = workers[0].descriptor(kernel, atom)
        counts[species] += 1
        for d in 0..<inputs {
          sums[species][d] += Double(q[d])
          squares[species][d] += Double(q[d]) * Double(q[d])
        }
      }
    }
    var spread = [Double](repeating: 0, count: inputs)
    for species in 0..<types where counts[species] > 0 {
      for d in 0..<inputs {
        sums[species][d] /= counts[species]
        spread[d] += squares[species][d] - counts[species] * sums[species][d] * sums[species][d]
      }
    }
    let total = counts.reduce(0, +)
    return (sums, spread.map { max(0, $0 / total).squareRoot() })
  }

  /// Goes once over all frames, in an order of this epoch's own; gives the errors on the way.
  @discardableResult
  public func runEpoch() -> NEPFitErrors {
    var random = RandomGenerator(
      seed: UInt64(bitPattern: Int64(schedule.seed)), stage: "epoch \(epoch)")
    let order = Array(frames.indices).shuffled(using: &random)
    var errors = NEPFitErrors()
    for step in 0..<stepsPerEpoch {
      let from = step * schedule.batch
      let batch = order[from..<min(from + schedule.batch, order.count)].map { frames[$0] }
      errors.add(take(batch, step: epoch * stepsPerEpoch + step))
    }
    epoch += 1
    return errors
  }

  private func rate(_ step: Int) -> Double {
    let progress = Double(step) / Double(max(1, schedule.epochs * stepsPerEpoch))
    let cosine = 0.5 * (1 + cos(Double.pi * min(progress, 1)))
    let fallen = schedule.lowest + (1 - schedule.lowest) * cosine
    return schedule.rate * fallen * min(1, Double(step + 1) / Double(Self.warmUp))
  }

  private func take(_ batch: [NEPFitFrame], step: Int) -> NEPFitErrors {
    let weightedAtoms = batch.reduce(0) { $0 + $1.weight * Double($1.atomCount) }
    let (workers, kernel, loss) = (workers, kernel, loss)
    nonisolated(unsafe) let parameters = UnsafePointer(parameters)
    parallelFor(chunks: batch.count, threads: threads) { place in
      workers[place].clear()
      workers[place].addSlopes(
        of: loss, batch[place], frames: batch.count, weightedAtoms: weightedAtoms, kernel,
        parameters)
    }
    let used = workers[..<batch.count]
    let gradients = used.map { Optional(UnsafePointer($0.gradient)) }
    let length = kernel.square(shape.count, Int32(batch.count), gradients).squareRoot()
    // A step whose slopes are no numbers would spoil everything.
    if length.isFinite {
      let count = Double(step + 1)
      kernel.step(
        shape.count, Int32(batch.count), gradients, Float(rate(step)), Float(Self.firstDecay),
        Float(Self.secondDecay), Float(1 / (1 - pow(Self.firstDecay, count))),
        Float(1 / (1 - pow(Self.secondDecay, count))),
        Float(min(1, Self.longest / max(length, 1e-30))), self.parameters, first, second)
    }
    return used.reduce(into: NEPFitErrors()) { $0.add($1.errors) }
  }

  /// The model's errors as it is now.
  ///
  /// - Precondition: frames that the fit was made with, or no larger ones.
  public func errors(on frames: [NEPFitFrame]) -> NEPFitErrors {
    precondition(frames.allSatisfy(fits), "frames that the fit has room for")
    let (workers, kernel, threads) = (workers, kernel, threads)
    nonisolated(unsafe) let parameters = UnsafePointer(parameters)
    var total = NEPFitErrors()
    for from in Swift.stride(from: 0, to: frames.count, by: threads) {
      let batch = Array(frames[from..<min(from + threads, frames.count)])
      parallelFor(chunks: batch.count, threads: threads) { place in
        _ = workers[place].evaluate(batch[place], kernel, parameters)
      }
      for worker in workers[..<batch.count] { total.add(worker.errors) }
    }
    return total
  }

  /// The fit as it stands: epochs done, parameters, moments, scale factors.
  public var checkpoint: Data {
    var data = Data("\(Self.mark) \(epoch) \(shape.count) \(header.descriptorCount)\n".utf8)
    for memory in [parameters, first, second] {
      data.append(Data(bytes: memory, count: shape.count * MemoryLayout<Float>.stride))
    }
    shape.scale.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  private static let mark = "interphase-nep-fit-1"

  /// Goes on from a checkpoint of a fit of the same shape; it then takes the steps, bit by bit, that
  /// the other would have taken.
  ///
  /// - Throws: `PotentialsError.badFile` where the data are another shape's, or cut off.
  public func restore(_ checkpoint: Data, path: String) throws {
    func bad(_ reason: String) -> PotentialsError {
      .badFile(path: path, line: nil, reason: reason)
    }
    guard let end = checkpoint.firstIndex(of: 10) else { throw bad("it is no checkpoint of a fit") }
    let words = String(decoding: checkpoint[..<end], as: UTF8.self).split(separator: " ")
    guard words.count == 4, words[0] == Self.mark, let done = Int(words[1]), done >= 0 else {
      throw bad("it is no checkpoint of a fit")
    }
    guard Int(words[2]) == shape.count, Int(words[3]) == header.descriptorCount else {
      throw bad("it is of a model of another shape; name another directory")
    }
    let numbers = checkpoint[checkpoint.index(after: end)...]
    let expected = (3 * shape.count + header.descriptorCount) * MemoryLayout<Float>.stride
    guard numbers.count == expected else { throw bad("it was cut off; delete it to begin again") }
    let values = numbers.withUnsafeBytes { bytes in
      (0..<(expected / MemoryLayout<Float>.stride)).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Float>.stride, as: Float.self)
      }
    }
    for (place, memory) in [parameters, first, second].enumerated() {
      for k in 0..<shape.count { memory[k] = values[place * shape.count + k] }
    }
    shape.scale = Array(values.suffix(header.descriptorCount))
    epoch = done
  }

  /// All parameters, in the order of `NEPFitShape`.
  public var values: [Float] {
    get { Array(UnsafeBufferPointer(start: parameters, count: shape.count)) }
    set {
      precondition(newValue.count == shape.count, "as many as the model has")
      parameters.update(from: newValue, count: shape.count)
    }
  }

  private func fits(_ frame: NEPFitFrame) -> Bool {
    frame.atomCount <= most.atoms && frame.mostBlocks <= most.blocks
  }

  /// The loss of a batch and its slopes along `values`.
  ///
  /// - Precondition: as `errors(on:)`.
  public func slopes(on batch: [NEPFitFrame]) -> (loss: Double, slopes: [Float]) {
    precondition(batch.allSatisfy(fits), "frames that the fit has room for")
    let weightedAtoms = batch.reduce(0) { $0 + $1.weight * Double($1.atomCount) }
    let worker = workers[0]
    worker.clear()
    var total = 0.0
    for frame in batch {
      worker.addSlopes(
        of: loss, frame, frames: batch.count, weightedAtoms: weightedAtoms, kernel,
        UnsafePointer(parameters))
      let errors = worker.errors
      let perFrame = frame.weight / Double(batch.count)
      total +=
        perFrame * (loss.energy * errors.energySquares + loss.virial * errors.virialSquares / 6)
        + loss.force * frame.weight * errors.forceSquares / (3 * weightedAtoms)
    }
    return (total, Array(UnsafeBufferPointer(start: worker.gradient, count: shape.count)))
  }

  /// The model as a nep.txt file, with an energy (eV) more for each atom of each element.
  ///
  /// - Throws: as `NEPShift.adding`.
  public func text(shifts: [Element: Double]) throws -> String {
    var all = shifts
    let (inputs, neurons) = (header.descriptorCount, header.neurons)
    var numbers: [Float] = []
    for (species, element) in header.species.enumerated() {
      let base = parameters + shape.network(of: species)
      for neuron in 0..<neurons {
        for d in 0..<inputs { numbers.append(base[d * shape.neurons + neuron]) }
      }
      for row in [inputs, inputs + 1] {
        for neuron in 0..<neurons { numbers.append(base[row * shape.neurons + neuron]) }
      }
      all[element, default: 0] += Double(base[(inputs + 2) * shape.neurons])
    }
    numbers.append(0)
    numbers += expansion(shape.radial, header.radialCount, header.radialBasis + 1)
    numbers += expansion(shape.angular, header.angularCount, header.angularBasis + 1)
    numbers += shape.scale
    let capacities = frames.reduce(into: (radial: 0, angular: 0)) {
      $0 = (max($0.radial, $1.capacities.radial), max($0.angular, $1.capacities.angular))
    }
    let lines = numbers.map { "\($0)\n" }.joined()
    return try NEPShift.adding(
      all, to: header.text(capacities: capacities) + lines, path: "the fitted model")
  }

  /// c of (T_k + 1)/2 from those of T_k: c_k = 2 c'_k, c_0 = c'_0 − Σ_{k>0} c'_k; pairs fastest.
  private func expansion(_ offset: Int, _ functions: Int, _ basis: Int) -> [Float] {
    let pairs = header.species.count * header.species.count
    var numbers: [Float] = []
    for n in 0..<functions {
      for k in 0..<basis {
        for pair in 0..<pairs {
          let c = parameters + offset + (pair * functions + n) * basis
          if k > 0 {
            numbers.append(2 * c[k])
          } else {
            numbers.append(c[0] - (1..<max(basis, 1)).reduce(0) { $0 + c[$1] })
          }
        }
      }
    }
    return numbers
  }
}
