import Atomistics
import Potentials
import Testing

/// NEP passes what every calculator must pass.
struct NEPChecksTests {
  @Test(arguments: Fixture.models)
  func passesTheChecksOfACalculator(model: String) throws {
    let potential = try Fixture.potential(model)
    for row in try GoldenValues(model).structures where row.symbols.count > 1 {
      try CalculatorChecks.passAll(potential, try row.structure(), seed: 5)
    }
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let potentials = try [1, 2, 3, 8].map { try Fixture.potential("nep4_zbl", threads: $0) }
    for row in try GoldenValues("nep4_zbl").structures {
      try CalculatorChecks.giveSameBits(
        potentials, try row.structure().supercell(1, 2, 1))
    }
  }

  @Test func refusesAnElementItDoesNotKnow() throws {
    let potential = try Fixture.potential("nep3")
    #expect(potential.name == "nep3.nep.txt (nep3, 2 species)")
    #expect {
      try potential.validate([try #require(Element("Li")), try #require(Element("Na"))])
    } throws: { error in
      "\(error)".contains("Na") && (error as? any ReportableError)?.kind == .unavailable
    }
  }

  @Test func runsEachChunkOnce() {
    // Each chunk runs once, whatever the number of threads.
    for threads in [1, 2, 5] {
      let memory = UnsafeMutableBufferPointer<Int>.allocate(capacity: 100)
      memory.initialize(repeating: 0)
      nonisolated(unsafe) let slots = memory
      parallelFor(chunks: 100, threads: threads) { slots[$0] += $0 + 1 }
      #expect(Array(memory) == Array(1...100))
      memory.update(repeating: 0)
      withWorkers(threads, chunks: 100) { _, share in
        while let chunk = share.next() { slots[chunk] += chunk + 1 }
      }
      #expect(Array(memory) == Array(1...100))
      memory.deallocate()
    }
  }
}
