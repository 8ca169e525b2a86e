package palindrome.train;

import ai.djl.ndarray.NDArray;

/**
 * A parameter with all that training keeps of it.
 *
 * @param weight what is trained; requires a gradient
 * @param firstMoment Adam's mean of the gradient
 * @param secondMoment Adam's mean of its square
 * @param average moving average of the weight, which is what is shipped
 */
record TrainedParameter(NDArray weight, NDArray firstMoment, NDArray secondMoment, NDArray average) {}
